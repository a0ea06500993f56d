from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"open": {"a": 1}, "typed": {"a": 2}, "closed": {"a": 3}}
        ),
        Request("POST", "/things", b'{"open":{"a":1},"typed":{"a":2},"closed":{"a":3}}'),
        Answer(b'{"open":{"a":1,"b":[2]},"typed":{"c":"x"}}'),
        {"open": {"a": 1, "b": [2]}, "typed": {"c": "x"}},
    ),
]
