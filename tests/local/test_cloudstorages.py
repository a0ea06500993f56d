"""Cloud storages over HTTP, with an S3 service on this machine."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.local.buckets import KEY, S3, SECRET, running_s3, sample_files, storage_input
from tests.local.conftest import Client
from tests.local.media_samples import opened

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, Configuration, models

Api = Callable[..., Client]


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with running_s3() as service:
        service.bucket("mybucket", sample_files())
        yield service


@pytest.fixture(scope="module")
def ann(api: Api) -> Client:
    return api("ann")


def attach(client: Client, s3: S3, bucket: str = "mybucket", **changes: Any) -> int:
    response = client.post("/api/cloudstorages", json=storage_input(s3, bucket, **changes))
    assert response.status == 201, response.data
    return int(response.json()["id"])


@pytest.fixture(scope="module")
def storage(ann: Client, s3: S3) -> str:
    """Path of a storage that no test changes."""
    return f"/api/cloudstorages/{attach(ann, s3, manifests=['manifest.jsonl'])}"


def names(response: Any) -> list[str]:
    assert response.status == 200, response.data
    return [entry["name"] for entry in response.json()["content"]]


class TestCreate:
    def test_answer(self, ann: Client, s3: S3) -> None:
        values = storage_input(s3, "mybucket", description="dd", manifests=["manifest.jsonl"])
        response = ann.post("/api/cloudstorages", json=values)
        assert response.status == 201
        shown = response.json()
        assert shown["owner"]["username"] == "ann"
        assert shown["created_date"] and shown["updated_date"] and shown["id"]
        for name in ("owner", "created_date", "updated_date", "id"):
            del shown[name]
        assert shown == {
            "provider_type": "AWS_S3_BUCKET",
            "resource": "mybucket",
            "display_name": "Bucket",
            "credentials_type": "KEY_SECRET_KEY_PAIR",
            "specific_attributes": f"endpoint_url={s3.url}",
            "description": "dd",
            "manifests": ["manifest.jsonl"],
            "organization": None,
        }

    def test_only_the_required_fields(self, ann: Client, s3: S3) -> None:
        shown = ann.post("/api/cloudstorages", json=storage_input(s3, "mybucket")).json()
        assert (shown["manifests"], shown["description"]) == ([], "")

    def test_anonymous(self, ann: Client, s3: S3) -> None:
        attach(ann, s3, credentials_type="ANONYMOUS_ACCESS", key=None, secret_key=None)

    def test_percent_encoded_attributes(self, ann: Client, s3: S3) -> None:
        encoded = s3.url.replace(":", "%3A").replace("/", "%2F")
        attach(ann, s3, specific_attributes=f"region=eu-central-1&endpoint_url={encoded}")

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"manifests": ["nope.jsonl"]}, ["manifests"]),
            ({"manifests": [""]}, ["manifests"]),
            ({"manifests": ["x"] * 101}, ["manifests"]),
            ({"resource": "nobucket"}, ["resource"]),
            ({"resource": "My_Bucket"}, ["resource"]),
            ({"specific_attributes": "abc"}, ["specific_attributes"]),
            ({"specific_attributes": "prefix=/a"}, ["specific_attributes"]),
            ({"specific_attributes": "prefix=a//b"}, ["specific_attributes"]),
            ({"specific_attributes": "region=EU!"}, ["specific_attributes"]),
            ({"specific_attributes": "endpoint_url=file:///etc/passwd"}, ["specific_attributes"]),
            ({"specific_attributes": "endpoint_url=http://u:p@host"}, ["specific_attributes"]),
            ({"specific_attributes": "endpoint_url=http://"}, ["specific_attributes"]),
            ({"specific_attributes": "endpoint_url=http://h:0"}, ["specific_attributes"]),
            ({"specific_attributes": "endpoint_url=http://h:99999"}, ["specific_attributes"]),
            ({"specific_attributes": "endpoint_url=http://h/%3Fq"}, ["specific_attributes"]),
            ({"key": "k" * 41}, ["key"]),
            ({"key": None}, ["key"]),
            ({"secret_key": ""}, ["secret_key"]),
            ({"credentials_type": "CONNECTION_STRING"}, ["credentials_type"]),
            ({"provider_type": "AZURE_CONTAINER"}, ["provider_type"]),
            ({"provider_type": "GOOGLE_CLOUD_STORAGE"}, ["provider_type"]),
            (
                {"provider_type": "FTP", "display_name": "x" * 64, "credentials_type": "X"},
                ["provider_type", "display_name", "credentials_type"],
            ),
        ],
    )
    def test_refused_as_text(
        self, ann: Client, s3: S3, changes: dict[str, Any], fields: list[str]
    ) -> None:
        response = ann.post("/api/cloudstorages", json=storage_input(s3, "mybucket", **changes))
        assert response.status == 400
        assert response.headers["content-type"].startswith("text/plain")
        lines = response.data.decode().splitlines()
        assert sorted(line.partition(": ")[0] for line in lines) == sorted(fields)

    def test_empty_body(self, ann: Client) -> None:
        response = ann.post("/api/cloudstorages", json={})
        assert response.status == 400
        assert [line.partition(": ")[0] for line in response.data.decode().splitlines()] == [
            "provider_type",
            "resource",
            "display_name",
            "credentials_type",
        ]

    @pytest.mark.parametrize("provider", ["AZURE_CONTAINER", "GOOGLE_CLOUD_STORAGE"])
    def test_other_providers_are_named(self, ann: Client, s3: S3, provider: str) -> None:
        response = ann.post(
            "/api/cloudstorages", json=storage_input(s3, "b", provider_type=provider)
        )
        assert b"S3-compatible buckets only" in response.data

    def test_workers_may_not(self, api: Api, s3: S3) -> None:
        worker = api("worker", groups=("worker",))
        assert worker.post("/api/cloudstorages", json=storage_input(s3, "mybucket")).status == 403
        assert worker.post("/api/cloudstorages", json={}).status == 403

    def test_service_that_is_not_there(self, ann: Client, s3: S3) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"endpoint_url=http://127.0.0.1:{unused.getsockname()[1]}"
            values = storage_input(s3, "mybucket", specific_attributes=url)
            response = ann.post("/api/cloudstorages", json=values)
        assert response.status == 400
        assert response.data.startswith(b"specific_attributes: http://127.0.0.1:")

    def test_multipart(self, server: LocalServer, ann: Client, s3: S3) -> None:
        with ApiClient(_configuration(server, ann)) as client:
            shown, _ = client.cloudstorages_api.create(
                models.CloudStorageWriteRequest(
                    **storage_input(s3, "mybucket", manifests=["manifest.jsonl"])
                ),
                _content_type="multipart/form-data",
            )
        assert shown.manifests == ["manifest.jsonl"]


def test_keys_are_in_no_answer_and_no_log(
    ann: Client, s3: S3, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        number = attach(ann, s3, manifests=["manifest.jsonl"])
        path = f"/api/cloudstorages/{number}"
        answers = [
            ann.get("/api/cloudstorages"),
            ann.get(path),
            ann.patch(path, json={"resource": "nobucket"}),
            ann.post("/api/cloudstorages", json=storage_input(s3, "nobucket")),
            ann.get(f"{path}/content-v2", query={"manifest_path": "nope"}),
        ]
    for answer in answers:
        assert KEY.encode() not in answer.data
        assert SECRET.encode() not in answer.data
    assert SECRET not in caplog.text


class TestList:
    def test_own_ones(self, api: Api, s3: S3) -> None:
        cy = api("cy")
        first, second = attach(cy, s3), attach(cy, s3, display_name="Other")
        shown = cy.get("/api/cloudstorages", query={"page_size": 1}).json()
        assert shown["count"] == 2
        assert [item["id"] for item in shown["results"]] == [second]
        assert shown["next"].endswith("/api/cloudstorages?page=2&page_size=1")
        named = cy.get("/api/cloudstorages", query={"name": "Bucket"}).json()
        assert [item["id"] for item in named["results"]] == [first]
        found = cy.get("/api/cloudstorages", query={"search": "othe"}).json()
        assert [item["id"] for item in found["results"]] == [second]

    def test_admins_see_all(self, api: Api, storage: str) -> None:
        shown = api().get("/api/cloudstorages", query={"owner": "ann", "page_size": "all"}).json()
        assert int(storage.rpartition("/")[2]) in [item["id"] for item in shown["results"]]

    def test_unknown_provider_is_a_list_error(self, ann: Client) -> None:
        response = ann.get("/api/cloudstorages", query={"provider_type": "zzz"})
        assert response.status == 400
        assert isinstance(response.json(), list)


class TestRetrieve:
    def test_rights(self, api: Api, ann: Client, storage: str) -> None:
        assert ann.get(storage).json()["resource"] == "mybucket"
        assert api().get(storage).status == 200
        assert api("bob").get(storage).status == 403
        assert ann.get("/api/cloudstorages/99999").status == 404
        assert api(None).get(storage).status == 401

    def test_status(self, ann: Client, s3: S3, storage: str) -> None:
        assert ann.get(f"{storage}/status").json() == "AVAILABLE"
        s3.bucket("fleeting", {})
        number = attach(ann, s3, "fleeting")
        s3.client.delete_bucket(Bucket="fleeting")
        assert ann.get(f"/api/cloudstorages/{number}/status").json() == "NOT_FOUND"

    def test_actions(self, ann: Client, s3: S3, storage: str) -> None:
        response = ann.get(f"{storage}/actions")
        assert response.headers["content-type"].startswith("text/plain")
        assert sorted(response.json()) == ["read", "write"]
        number = attach(ann, s3, credentials_type="ANONYMOUS_ACCESS")
        assert ann.get(f"/api/cloudstorages/{number}/actions").json() == ["read"]

    def test_the_older_content_is_gone(self, ann: Client, storage: str) -> None:
        assert ann.get(f"{storage}/content").status == 404


class TestPartialUpdate:
    def test_manifests_that_are_not_sent_are_removed(self, ann: Client, s3: S3) -> None:
        path = f"/api/cloudstorages/{attach(ann, s3, manifests=['manifest.jsonl'])}"
        before = ann.get(path).json()
        shown = ann.patch(path, json={"display_name": "B2"}).json()
        assert (shown["display_name"], shown["manifests"]) == ("B2", [])
        assert shown["updated_date"] > before["updated_date"]
        shown = ann.patch(path, json={"manifests": ["manifest.jsonl"]}).json()
        assert (shown["display_name"], shown["manifests"]) == ("B2", ["manifest.jsonl"])
        assert ann.get(path).json() == shown

    def test_the_provider_stays(self, ann: Client, s3: S3) -> None:
        path = f"/api/cloudstorages/{attach(ann, s3)}"
        response = ann.patch(path, json={"provider_type": "GOOGLE_CLOUD_STORAGE", "what": 1})
        assert response.json()["provider_type"] == "AWS_S3_BUCKET"

    def test_other_kinds_of_credentials_forget_the_keys(self, ann: Client, s3: S3) -> None:
        path = f"/api/cloudstorages/{attach(ann, s3)}"
        assert ann.patch(path, json={"credentials_type": "ANONYMOUS_ACCESS"}).status == 200
        response = ann.patch(path, json={"credentials_type": "KEY_SECRET_KEY_PAIR"})
        assert response.json().keys() == {"key"}
        keys = {"credentials_type": "KEY_SECRET_KEY_PAIR", "key": "k2", "secret_key": "s2"}
        assert ann.patch(path, json=keys).status == 200

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"manifests": ["zz.jsonl"]}, "manifests"),
            ({"resource": "nobucket"}, "resource"),
            ({"credentials_type": "zzz"}, "credentials_type"),
            ({"display_name": ""}, "display_name"),
        ],
    )
    def test_refused_as_json(
        self, ann: Client, storage: str, changes: dict[str, Any], field: str
    ) -> None:
        before = ann.get(storage).json()
        response = ann.patch(storage, json=changes)
        assert response.status == 400
        assert response.json().keys() == {field}
        assert ann.get(storage).json() == before

    def test_rights(self, api: Api, ann: Client, storage: str) -> None:
        assert api("bob").patch(storage, json={"display_name": "x"}).status == 403
        assert ann.patch("/api/cloudstorages/99999", json={}).status == 404


def test_destroy(api: Api, ann: Client, s3: S3) -> None:
    path = f"/api/cloudstorages/{attach(ann, s3)}"
    assert api("bob").delete(path).status == 403
    assert ann.delete(path).status == 204
    assert ann.delete(path).status == 404


class TestContent:
    def test_root(self, ann: Client, storage: str) -> None:
        shown = ann.get(f"{storage}/content-v2").json()
        assert shown["next"] is None
        assert [(item["name"], item["type"], item["mime_type"]) for item in shown["content"]] == [
            ("a", "DIR", "DIR"),
            ("c", "DIR", "DIR"),
            ("clip.mp4", "REG", "video"),
            ("data.zip", "REG", "archive"),
            ("manifest.jsonl", "REG", "unknown"),
            ("notes.txt", "REG", "unknown"),
            ("top.png", "REG", "image"),
        ]

    def test_pages(self, ann: Client, storage: str) -> None:
        found: list[str] = []
        token = None
        for _ in range(4):
            query = {"page_size": 2, **({"next_token": token} if token else {})}
            response = ann.get(f"{storage}/content-v2", query=query)
            assert len(names(response)) <= 2
            found += names(response)
            token = response.json()["next"]
        assert token is None
        assert found == [
            "a",
            "c",
            *(["clip.mp4", "data.zip", "manifest.jsonl", "notes.txt", "top.png"]),
        ]

    @pytest.mark.parametrize(
        ("prefix", "expected"),
        [
            ("a/", ["b", "1.jpg", "10.jpg", "2.jpg"]),
            ("/a/", ["b", "1.jpg", "10.jpg", "2.jpg"]),
            ("a", ["a"]),
            ("to", ["top.png"]),
            ("a/1", ["1.jpg", "10.jpg"]),
            ("a/b/", ["deep.jpg"]),
            ("zz/", []),
        ],
    )
    def test_prefix(self, ann: Client, storage: str, prefix: str, expected: list[str]) -> None:
        assert names(ann.get(f"{storage}/content-v2", query={"prefix": prefix})) == expected

    @pytest.mark.parametrize(
        ("own", "prefix", "expected"),
        [
            ("a/", "", ["a"]),
            ("a/", "a/", ["b", "1.jpg", "10.jpg", "2.jpg"]),
            ("a/", "c/", []),
            ("a/b/", "", ["a"]),
            ("a/b/", "a/", ["b"]),
            ("a/1", "", ["a"]),
            ("a/1", "a/", ["1.jpg", "10.jpg"]),
            ("a/1", "a/2", []),
            ("to", "", ["top.png"]),
        ],
    )
    def test_a_storage_with_a_prefix_of_its_own(
        self, ann: Client, s3: S3, own: str, prefix: str, expected: list[str]
    ) -> None:
        settings = f"endpoint_url={s3.url}&prefix={own}"
        number = attach(ann, s3, specific_attributes=settings)
        for query in ({}, {"manifest_path": "manifest.jsonl"}):
            response = ann.get(
                f"/api/cloudstorages/{number}/content-v2", query={"prefix": prefix, **query}
            )
            assert sorted(names(response)) == sorted(expected)

    def test_manifest(self, ann: Client, storage: str) -> None:
        path, query = f"{storage}/content-v2", {"manifest_path": "manifest.jsonl"}
        assert names(ann.get(path, query=query)) == ["a", "top.png"]
        inside = ann.get(path, query={**query, "prefix": "a/"})
        assert names(inside) == ["b", "1.jpg", "2.jpg", "10.jpg"]
        first = ann.get(path, query={**query, "prefix": "a/", "page_size": 3})
        assert (names(first), first.json()["next"]) == (["b", "1.jpg", "2.jpg"], "3")
        rest = ann.get(path, query={**query, "prefix": "a/", "page_size": 3, "next_token": "3"})
        assert (names(rest), rest.json()["next"]) == (["10.jpg"], None)

    def test_manifest_in_a_folder(self, ann: Client, storage: str) -> None:
        path, query = f"{storage}/content-v2", {"manifest_path": "c/manifest.jsonl"}
        assert names(ann.get(path, query=query)) == ["c"]
        assert names(ann.get(path, query={**query, "prefix": "c/"})) == ["other.jpg"]

    @pytest.mark.parametrize(
        ("query", "status", "is_json"),
        [
            ({"page_size": "abc"}, 400, False),
            ({"page_size": "0"}, 400, False),
            ({"page_size": "-1"}, 400, False),
            ({"manifest_path": "manifest.jsonl", "next_token": "abc"}, 400, False),
            ({"manifest_path": "nope.jsonl"}, 404, True),
            ({"manifest_path": "notes.txt"}, 400, True),
        ],
    )
    def test_refused(
        self, ann: Client, storage: str, query: dict[str, str], status: int, is_json: bool
    ) -> None:
        response = ann.get(f"{storage}/content-v2", query=query)
        assert response.status == status
        if is_json:
            assert isinstance(response.json(), str)
        else:
            assert response.headers["content-type"].startswith("text/plain")

    def test_large_pages_are_cut(self, ann: Client, storage: str) -> None:
        assert len(names(ann.get(f"{storage}/content-v2", query={"page_size": 10**6}))) == 7

    def test_errors_are_texts(self, api: Api, ann: Client, storage: str) -> None:
        for client, path, status in (
            (ann, "/api/cloudstorages/99999", 404),
            (api("bob"), storage, 403),
        ):
            response = client.get(f"{path}/content-v2")
            assert response.status == status
            assert isinstance(response.json(), str)

    def test_keys_without_names_do_not_lead_in_circles(self, ann: Client, s3: S3) -> None:
        s3.bucket("odd", {"a/": b"", "a//x.jpg": b"x", "/y.jpg": b"y", "a/z.jpg": b"z"})
        path = f"/api/cloudstorages/{attach(ann, s3, 'odd')}/content-v2"
        assert names(ann.get(path)) == ["a"]
        assert names(ann.get(path, query={"prefix": "a/"})) == ["z.jpg"]

    def test_whole_bucket_by_the_sdk(self, server: LocalServer, ann: Client, storage: str) -> None:
        number = int(storage.rpartition("/")[2])
        next_token = None
        files: list[str] = []
        prefixes: list[str] = []
        prefix = ""
        with ApiClient(_configuration(server, ann)) as api_client:
            while True:
                options: dict[str, Any] = {"prefix": prefix} if prefix else {}
                if next_token:
                    options["next_token"] = next_token
                data, _ = api_client.cloudstorages_api.retrieve_content_v2(
                    number, page_size=2, **options
                )
                for kind, found in (("REG", files), ("DIR", prefixes)):
                    found.extend(
                        prefix + item["name"]
                        for item in data["content"]
                        if str(item["type"]) == kind
                    )
                next_token = data["next"]
                if next_token:
                    continue
                if not prefixes:
                    break
                prefix = f"{prefixes.pop()}/"
            status, _ = api_client.cloudstorages_api.retrieve_status(number)
        assert sorted(files) == sorted(sample_files())
        assert status == "AVAILABLE"


class TestPreview:
    def test_first_image_of_the_first_manifest(self, ann: Client, storage: str) -> None:
        response = ann.get(f"{storage}/preview")
        assert response.status == 200
        assert response.headers["content-type"] == "image/jpeg"
        image = opened(response.data)
        assert (image.format, image.size) == ("JPEG", (40, 30))

    @pytest.mark.parametrize(
        "content",
        [
            None,
            b'{"version": "1.1"}\n{"type": "images"}\n',
            b'{"version": "1.1"}\n{"type": "video"}\n',
            b'{"version": "1.1"}\n{"type": "images"}\n{"name": "gone", "extension": ".jpg"}\n',
            b'{"version": "1.1"}\n{"type": "images"}\n{"name": "m", "extension": ".jsonl"}\n',
        ],
    )
    def test_none(self, ann: Client, s3: S3, content: bytes | None) -> None:
        if "previews" not in [b["Name"] for b in s3.client.list_buckets()["Buckets"]]:
            s3.bucket("previews", {})
        if content is not None:
            s3.client.put_object(Bucket="previews", Key="m.jsonl", Body=content)
        manifests = [] if content is None else ["m.jsonl"]
        number = attach(ann, s3, "previews", manifests=manifests)
        response = ann.get(f"/api/cloudstorages/{number}/preview")
        assert response.status == 404
        assert response.headers["content-type"].startswith("text/plain")


def _configuration(server: LocalServer, client: Client) -> Configuration:
    assert client.key is not None
    return Configuration(
        host=server.url,
        api_key={"tokenAuth": client.key},
        api_key_prefix={"tokenAuth": "Token"},
    )
