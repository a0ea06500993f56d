from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"step": 0.5}),
        Request("POST", "/things", b'{"step":0.5}'),
        Answer(b'{"step":1}'),
        {"step": 1.0},
    ),
]
