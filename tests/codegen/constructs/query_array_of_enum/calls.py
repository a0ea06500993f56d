from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.sorted_by(order=["name", "size"]),
        Request("GET", "/sorted?order=name,size", headers={}),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.sorted_by(order=["colour"]), "ApiValueError", "order"),
]
