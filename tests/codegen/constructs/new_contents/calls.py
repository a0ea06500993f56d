import io

from tests.codegen.calls import Answer, Call, Refused, Request, form

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.get(3, any=[1, "x"]),
        Request("GET", "/things/3?any=1&any=x", headers={"accept": "image/png"}),
        Answer(b"\x00\xff", content_type="image/png"),
        b"\x00\xff",
    ),
    Call(
        lambda client: client.things_api.put(id="a", body=io.BytesIO(b"\x89")),
        Request("PUT", "/things/a", b"\x89", {"content-type": "image/png"}),
        Answer(b"stored", content_type="text/plain"),
        "stored",
    ),
    Call(
        lambda client: client.things_api.send(
            "a", file=("x.bin", io.BytesIO(b"F")), about='{"a": 1}'
        ),
        Request(
            "POST",
            "/things/a",
            form(
                'Content-Disposition: form-data; name="file"; filename="x.bin"\n'
                "Content-Type: application/octet-stream\n\nF",
                'Content-Disposition: form-data; name="about"\n\n{"a": 1}',
            ),
        ),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.get(1.5), "ApiTypeError", "id"),
]
