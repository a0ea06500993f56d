from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.joined(x_ids=[1, 2], x_at={"x": 1, "name": "a b"}),
        Request("GET", "/joined", headers={"x-ids": "1,2", "x-at": "x=1,name=a b"}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.joined(x_ids=None),
        Request("GET", "/joined", headers={"x-ids": None}),
        Answer(status=204),
    ),
    Refused(
        lambda client: client.things_api.joined(x_at={"name": "a\nb"}),
        "ApiValueError",
        "line break",
    ),
]
