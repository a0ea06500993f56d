from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"level": 2, "sizes": [8, 16], "half": 1, "maybe": None}
        ),
        Request("POST", "/things", b'{"level":2,"sizes":[8,16],"half":1,"maybe":null}'),
        Answer(b'{"level":4,"sizes":[8,9],"half":2.0}'),
        {"level": 4, "sizes": [8, 9], "half": 2},
    ),
    Refused(
        lambda client: client.things_api.create({"level": 4}),
        "ApiValueError",
        "Expected one of 1, 2, 3; got 4",
    ),
    Refused(lambda client: client.things_api.create({"level": True}), "ApiValueError", "got True"),
    Refused(lambda client: client.things_api.create({"sizes": [9]}), "ApiValueError", "8, 16"),
]
