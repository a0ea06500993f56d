from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"b": 2}),
        Request("POST", "/things", b'{"b":2}'),
        Answer(b'{"a":"y"}'),
        {"a": "y"},
    ),
]
