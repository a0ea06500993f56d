import io

from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(io.BytesIO(b"\x00\xff")),
        Request(
            "POST",
            "/things",
            b"\x00\xff",
            {"content-type": "application/octet-stream", "content-length": "2"},
        ),
        Answer(status=204),
    ),
]
