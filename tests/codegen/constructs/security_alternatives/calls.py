from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.get(),
        Request("GET", "/things", headers={"x-one": None, "x-two": "2"}),
        Answer(status=204),
        settings={"api_key": {"two": "2"}},
    ),
    Call(
        lambda client: client.things_api.get(),
        Request("GET", "/things", headers={"x-one": None}),
        Answer(status=204),
    ),
]
