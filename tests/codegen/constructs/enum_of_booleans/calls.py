from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"always": True, "mixed": 1}),
        Request("POST", "/things", b'{"always":true,"mixed":1}'),
        Answer(b'{"always":false,"mixed":null}'),
        {"always": False, "mixed": None},
    ),
    Call(
        lambda client: client.things_api.create({"mixed": "a"}),
        Request("POST", "/things", b'{"mixed":"a"}'),
        Answer(b'{"mixed":true}'),
        {"mixed": True},
    ),
    Refused(
        lambda client: client.things_api.create({"always": False}),
        "ApiValueError",
        "Expected one of True; got False",
    ),
    Refused(lambda client: client.things_api.create({"mixed": "b"}), "ApiValueError", "'b'"),
]
