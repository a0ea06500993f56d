from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.exploded(ids=[1, 2]),
        Request("GET", "/exploded?ids=1&ids=2", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.exploded(ids=[]),
        Request("GET", "/exploded", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.joined(ids=["a,b", "c d"], page=2),
        Request("GET", "/joined?ids=a%2Cb,c%20d&page=2", headers={}),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.exploded(ids=["x"]), "ApiTypeError", "ids"),
    Refused(lambda client: client.things_api.exploded(ids=3), "ApiTypeError", "ids"),
]
