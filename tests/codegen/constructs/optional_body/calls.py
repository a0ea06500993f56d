from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(body=[1, 2]),
        Request("POST", "/things", b"[1,2]", {"content-type": "application/json"}),
        Answer(status=204),
    ),
    Call(lambda client: client.things_api.create(), Request("POST", "/things"), Answer(status=204)),
    Refused(lambda client: client.things_api.create(body=["a"]), "ApiTypeError", "body"),
]
