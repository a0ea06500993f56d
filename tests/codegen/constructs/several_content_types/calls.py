from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"n": 1}),
        Request("POST", "/things", b'{"n":1}', {"content-type": "application/json"}),
        Answer(status=204),
    ),
]
