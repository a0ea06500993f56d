from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.see(mode="dark", seen=[1, 2]),
        Request("GET", "/see", headers={"cookie": "mode=dark; seen=1,2"}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.see(),
        Request("GET", "/see", headers={"cookie": None}),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.see(mode="red"), "ApiValueError", "mode"),
]
