from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"colour": "red", "small": 1, "odd": 0.5}),
        Request("POST", "/things", b'{"colour":"red","small":1,"odd":0.5}'),
        Answer(b'{"colour":"blue","small":2,"odd":1}'),
        {"colour": "blue", "small": 2, "odd": 1.0},
    ),
]
