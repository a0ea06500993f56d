from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"text": None, "many": [None, 1], "part": None, "kind": None, "map": {"a": None}}
        ),
        Request(
            "POST",
            "/things",
            b'{"text":null,"many":[null,1],"part":null,"kind":null,"map":{"a":null}}',
        ),
        Answer(b'{"many":null,"map":null,"part":{"a":1},"kind":"x"}'),
        {"many": None, "part": {"a": 1}, "kind": "x", "map": None},
    ),
    Refused(
        lambda client: client.things_api.create({"part": {"a": None}}), "ApiValueError", "NoneType"
    ),
]
