from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"a": "x"}),
        Request("POST", "/things", b'{"a":"x"}'),
        Answer(b'{"b":1,"x-1":"y"}'),
        {"b": 1, "x-1": "y"},
    ),
]
