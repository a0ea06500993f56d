from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create("a é"),
        Request(
            "POST",
            "/things",
            "a é".encode(),
            {"content-type": "text/plain", "accept": "text/plain"},
        ),
        Answer(b"b", content_type="text/plain"),
        "b",
    ),
]
