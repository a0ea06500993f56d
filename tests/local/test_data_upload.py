"""Attaching media to a task: the ways of sending files, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.media_samples import (
    BLUE,
    RED,
    attach,
    colour_at,
    created,
    finish,
    jobs_of,
    meta_of,
    names_of,
    near,
    new_task,
    numbered,
    opened,
    picture,
    refused,
    task_of,
    zipped,
)

Api = Callable[..., Client]


@pytest.fixture(scope="module")
def client(api: Api) -> Client:
    return api()


class TestOneRequest:
    def test_multipart(self, client: Client) -> None:
        task = new_task(client, segment_size=4, overlap=2)
        status, body = attach(
            client, task, numbered(8), image_quality=70, sorting_method="natural", use_cache=True
        )
        assert (status, body) == (202, {"rq_id": f"action=create&target=task&target_id={task}"})
        created(client, (status, body))

        answer = client.get(f"/api/tasks/{task}").json()
        expected = {
            "size": 8,
            "mode": "annotation",
            "segment_size": 4,
            "overlap": 2,
            "image_quality": 70,
            "data_chunk_size": 72,
            "data_original_chunk_type": "imageset",
            "data_compressed_chunk_type": "imageset",
        }
        assert {key: answer[key] for key in expected} == expected
        assert answer["jobs"]["count"] == 3
        found = [(job["start_frame"], job["stop_frame"]) for job in jobs_of(client, task)]
        assert found == [(0, 3), (2, 5), (4, 7)]

    def test_start_and_finish_together_are_one_request(self, client: Client) -> None:
        task = new_task(client)
        headers = {"Upload-Start": "", "Upload-Finish": ""}
        created(client, attach(client, task, numbered(2), headers))
        assert len(names_of(client, task)) == 2

    def test_more_than_ten_files_keep_their_order(self, client: Client) -> None:
        files = list(reversed(numbered(12)))
        task = task_of(client, files, sorting_method="predefined")
        assert names_of(client, task) == [name for name, _ in files]

    def test_folders_of_names_are_cut_off(self, client: Client) -> None:
        task = task_of(client, [("some/folder/a.jpg", picture())])
        assert names_of(client, task) == ["a.jpg"]

    def test_the_path_with_a_slash(self, client: Client) -> None:
        task = new_task(client)
        answer = client.post(f"/api/tasks/{task}/data/", json={"image_quality": 70})
        assert answer.status == 202

    def test_a_name_beyond_ascii(self, client: Client) -> None:
        task = task_of(client, [("зебра 1.jpg", picture())])
        assert names_of(client, task) == ["зебра 1.jpg"]

    def test_two_files_of_one_name(self, client: Client) -> None:
        task = new_task(client)
        status, body = attach(client, task, [("a.jpg", picture()), ("a.jpg", picture())])
        assert status == 400
        assert "a.jpg" in body[0]

    def test_files_without_a_number_are_not_taken(self, client: Client) -> None:
        task = new_task(client)
        answer = client.post(
            f"/api/tasks/{task}/data",
            fields=[("image_quality", "70"), ("client_files", ("a.jpg", picture()))],
        )
        assert "No media" in refused(client, (answer.status, answer.json()))

    def test_image_quality_is_70_unless_told(self, client: Client) -> None:
        task = new_task(client)
        created(client, attach(client, task, numbered(1)))
        assert meta_of(client, task)["image_quality"] == 70


class TestSeveralRequests:
    def test_in_batches(self, client: Client) -> None:
        task = new_task(client)
        start = client.post(
            f"/api/tasks/{task}/data", json={"image_quality": 70}, headers={"Upload-Start": ""}
        )
        assert (start.status, start.data) == (202, b"")
        files = numbered(4)
        for batch in (files[:3], files[3:]):
            answer = attach(client, task, batch, {"Upload-Multiple": ""}, image_quality=70)
            assert answer == (200, None)
        created(client, finish(client, task, image_quality=80, sorting_method="lexicographical"))
        assert names_of(client, task) == ["00.jpg", "01.jpg", "02.jpg", "03.jpg"]
        assert meta_of(client, task)["image_quality"] == 80

    def test_a_batch_that_is_sent_again_counts_once(self, client: Client) -> None:
        task = new_task(client)
        for _ in range(2):
            attach(client, task, numbered(2), {"Upload-Multiple": ""}, image_quality=70)
        created(client, finish(client, task, image_quality=70))
        assert names_of(client, task) == ["00.jpg", "01.jpg"]

    def test_files_may_come_with_the_last_request(self, client: Client) -> None:
        task = new_task(client)
        attach(client, task, numbered(1), {"Upload-Multiple": ""})
        created(client, attach(client, task, [("z.jpg", picture())], {"Upload-Finish": ""}))
        assert names_of(client, task) == ["00.jpg", "z.jpg"]

    def test_data_exist_before_their_frames(self, client: Client) -> None:
        task = new_task(client)
        assert "data" not in client.get(f"/api/tasks/{task}").json()
        client.post(f"/api/tasks/{task}/data", json={}, headers={"Upload-Start": ""})
        answer = client.get(f"/api/tasks/{task}").json()
        assert answer["data"] is not None
        assert (answer["size"], answer["mode"], answer["data_chunk_size"]) == (0, "", None)
        assert answer["data_original_chunk_type"] == "imageset"

    def test_order_that_the_client_lists(self, client: Client) -> None:
        task = new_task(client)
        attach(client, task, numbered(3), {"Upload-Multiple": ""})
        order = ["02.jpg", "00.jpg", "01.jpg"]
        created(client, finish(client, task, sorting_method="predefined", upload_file_order=order))
        assert names_of(client, task) == order

    def test_order_that_does_not_fit_the_files(self, client: Client) -> None:
        task = new_task(client)
        attach(client, task, numbered(3), {"Upload-Multiple": ""})
        status, body = finish(
            client, task, sorting_method="predefined", upload_file_order=["00.jpg", "zz.jpg"]
        )
        assert status == 400
        assert "01.jpg, 02.jpg" in body[0]
        assert "zz.jpg" in body[0]
        # The files are still there, and a correct list works.
        created(client, finish(client, task))

    def test_without_files(self, client: Client) -> None:
        task = new_task(client)
        assert "No media" in refused(client, finish(client, task, image_quality=70))


class TestParameters:
    @pytest.mark.parametrize(
        ("parameters", "where"),
        [
            ({"sorting_method": "x"}, "sorting_method"),
            ({"image_quality": 101}, "image_quality"),
            ({"image_quality": 0}, "image_quality"),
            ({"frame_filter": "abc"}, "frame_filter"),
            ({"frame_filter": "step=0"}, "frame_filter"),
            ({"chunk_size": 0}, "chunk_size"),
            ({"start_frame": 5, "stop_frame": 2}, "non_field_errors"),
            ({"start_frame": -1}, "start_frame"),
            ({"job_file_mapping": [["a"], ["a"]]}, "job_file_mapping"),
            ({"server_files": ["a.jpg"]}, "server_files"),
            ({"remote_files": ["http://127.0.0.1/x.jpg"]}, "remote_files"),
            ({"filename_pattern": "*.jpg"}, "filename_pattern"),
            (
                {"validation_params": {"mode": "gt", "frame_selection_method": "manual"}},
                "validation_params",
            ),
        ],
    )
    def test_wrong_or_unsupported(
        self, client: Client, parameters: dict[str, Any], where: str
    ) -> None:
        task = new_task(client)
        answer = client.post(f"/api/tasks/{task}/data", json={"image_quality": 70, **parameters})
        assert answer.status == 400, answer.data
        assert list(answer.json()) == [where]

    def test_all_errors_at_once(self, client: Client) -> None:
        answer = client.post(
            f"/api/tasks/{new_task(client)}/data", json={"chunk_size": 0, "frame_filter": "x"}
        )
        assert set(answer.json()) == {"chunk_size", "frame_filter"}

    def test_unknown_cloud_storage(self, client: Client) -> None:
        answer = client.post(
            f"/api/tasks/{new_task(client)}/data",
            json={"cloud_storage_id": 99, "server_files": ["a.jpg"]},
        )
        assert answer.status == 400
        assert "99" in answer.json()[0]

    def test_refused_parameters_leave_the_task_open(self, client: Client) -> None:
        task = new_task(client)
        client.post(f"/api/tasks/{task}/data", json={"chunk_size": 0})
        created(client, attach(client, task, numbered(1)))


class TestFailure:
    @pytest.mark.parametrize(
        ("files", "reason"),
        [
            ([("a.jpg", b"\xff\xd8\xff\xe0broken."), ("b.jpg", picture())], "'a.jpg'"),
            ([("a.jpg", b"")], "'a.jpg': the file is empty"),
            ([("a.jpg", bytes(5000))], "'a.jpg'"),
            ([("a.jpg", picture()[:-200])], "'a.jpg'"),
            ([("a.txt", b"hello")], "No media"),
            ([("a.pdf", b"%PDF"), ("b.pdf", b"%PDF")], "2 pdf"),
            ([("a.zip", zipped(numbered(1))), ("b.jpg", picture())], "1 image, 1 zip"),
            ([("a.pdf", b"%PDF-1.4")], "does not support PDF documents"),
            ([("a.7z", b"7z")], "archives other than zip"),
            ([("a.pcd", b"# .PCD")], "point clouds"),
            ([("a.zip", zipped([("a.txt", b"x")]))], "holds no images"),
            ([("a.zip", zipped([("../a.jpg", picture())]))], "leads out"),
            ([("a.zip", b"no zip")], "'a.zip' is damaged"),
            ([("v.mp4", b"no video")], "Cannot read video 'v.mp4'"),
        ],
    )
    def test_nothing_is_created(
        self, client: Client, files: list[tuple[str, bytes]], reason: str
    ) -> None:
        task = new_task(client)
        message = refused(client, attach(client, task, files, image_quality=60))
        assert reason in message
        answer = client.get(f"/api/tasks/{task}").json()
        assert (answer["size"], answer["mode"], answer["image_quality"]) == (0, "", 60)
        assert answer["data_chunk_size"] is None
        assert jobs_of(client, task) == []
        assert client.get(f"/api/tasks/{task}/preview").status == 404

    def test_the_same_task_can_be_tried_again(self, client: Client) -> None:
        task = new_task(client)
        refused(client, attach(client, task, [("a.jpg", b"broken"), ("b.jpg", picture(BLUE))]))
        created(client, attach(client, task, [("a.jpg", picture(RED))]))
        assert names_of(client, task) == ["a.jpg", "b.jpg"]
        frame = client.get(f"/api/tasks/{task}/data", query={"type": "frame", "number": 0})
        assert near(colour_at(opened(frame.data), 5, 5), RED)

    def test_other_parameters_with_the_same_files(self, client: Client) -> None:
        task = new_task(client)
        message = refused(client, attach(client, task, numbered(4), start_frame=100))
        assert "start_frame is 100" in message
        created(client, finish(client, task, start_frame=3))
        assert names_of(client, task) == ["03.jpg"]

    def test_attached_twice(self, client: Client) -> None:
        task = task_of(client, numbered(1))
        for headers in ({}, {"Upload-Start": ""}, {"Upload-Multiple": ""}, {"Upload-Finish": ""}):
            status, body = attach(client, task, numbered(1), headers, image_quality=70)
            assert status == 400
            assert isinstance(body, str)


class TestRights:
    def test_without_credentials(self, api: Api, client: Client) -> None:
        task = new_task(client)
        assert attach(api(None), task, numbered(1))[0] == 401

    def test_of_another_user(self, api: Api, client: Client) -> None:
        task = new_task(api("ann"))
        bob = api("bob")
        assert attach(bob, task, numbered(1))[0] == 403
        created(client, attach(api("ann"), task, numbered(1)))
        for path in ("data/meta", "data?type=frame&number=0", "preview"):
            assert bob.get(f"/api/tasks/{task}/{path}").status == 403
            assert client.get(f"/api/tasks/{task}/{path}").status == 200
        job = jobs_of(client, task)[0]["id"]
        assert bob.get(f"/api/jobs/{job}/data/meta").status == 403

    def test_the_assignee_of_a_job_sees_its_frames_only(self, api: Api, client: Client) -> None:
        ann, cid = api("ann"), api("cid")
        task = task_of(ann, numbered(4), {"segment_size": 2})
        first, second = jobs_of(ann, task)
        answer = client.patch(f"/api/jobs/{first['id']}", json={"assignee": cid.user_id})
        assert answer.status == 200, answer.data
        assert cid.get(f"/api/jobs/{first['id']}/data/meta").json()["size"] == 2
        assert cid.get(f"/api/jobs/{second['id']}/data/meta").status == 403
        assert cid.get(f"/api/tasks/{task}/data/meta").status == 403

    def test_an_absent_task(self, client: Client) -> None:
        assert attach(client, 999_999, numbered(1))[0] == 404
        assert client.get("/api/tasks/999999/data/meta").status == 404
        assert client.get("/api/jobs/999999/data?type=chunk&index=0").status == 404
