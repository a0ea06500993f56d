from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"tree": {"left": {"left": 1}, "others": [{"left": 2}]}}
        ),
        Request("POST", "/things", b'{"tree":{"left":{"left":1},"others":[{"left":2}]}}'),
        Answer(b'{"tree":{"left":{"left":3}}}'),
        {"tree": {"left": {"left": 3}}},
    ),
]
