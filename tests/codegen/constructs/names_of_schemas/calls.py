from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"one": {"a": 1}, "two": {"b": 2}, "three": {"c": 3}}
        ),
        Request("POST", "/things", b'{"one":{"a":1},"two":{"b":2},"three":{"c":3}}'),
        Answer(b'{"three":{"c":4}}'),
        {"three": {"c": 4}},
    ),
]
