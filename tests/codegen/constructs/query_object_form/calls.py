from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.exploded(at={"x": 1, "name": "a&b", "on": True}),
        Request("GET", "/exploded?x=1&name=a%26b&on=true", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.joined(at={"x": 1, "name": "a"}),
        Request("GET", "/joined?at=x,1,name,a", headers={}),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.exploded(at={"x": "one"}), "ApiTypeError", "at"),
]
