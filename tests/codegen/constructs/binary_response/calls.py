from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.get(),
        Request("GET", "/things", headers={"accept": "image/png"}),
        Answer(b"\x89PNG", content_type="image/png"),
        b"\x89PNG",
    ),
]
