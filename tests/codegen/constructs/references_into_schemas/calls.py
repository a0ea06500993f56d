from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"size": {"w": 1}}),
        Request("POST", "/things", b'{"size":{"w":1}}'),
        Answer(b'{"size":{"w":2}}'),
        {"size": {"w": 2}},
    ),
    Refused(lambda client: client.things_api.create({"size": {}}), "ApiTypeError", "'w'"),
]
