from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"part": {"a": 1, "inner": {"b": "x"}}, "parts": [{"c": 2}], "by_name": {"k": {"d": 3}}}
        ),
        Request(
            "POST",
            "/things",
            b'{"part":{"a":1,"inner":{"b":"x"}},"parts":[{"c":2}],"by_name":{"k":{"d":3}}}',
        ),
        Answer(b'{"part":{"a":4}}'),
        {"part": {"a": 4}},
    ),
    Refused(lambda client: client.things_api.create({"part": {}}), "ApiTypeError", "'a'"),
]
