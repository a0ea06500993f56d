from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.few([1, 2]),
        Request("GET", "/few?ids=1&ids=2", headers={}),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.few([]), "ApiValueError", "ids"),
    Refused(lambda client: client.things_api.few([1, 2, 3]), "ApiValueError", "ids"),
]
