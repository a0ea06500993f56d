from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"size": {"w": 1, "next": {"w": 2}}}),
        Request("POST", "/things", b'{"size":{"w":1,"next":{"w":2}}}'),
        Answer(b'{"sizes":[{"w":3}]}'),
        {"sizes": [{"w": 3}]},
    ),
    Refused(lambda client: client.things_api.create({"size": {}}), "ApiTypeError", "'w'"),
]
