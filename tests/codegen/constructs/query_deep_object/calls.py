from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.deep(at={"x": 1, "name": "a b"}),
        Request("GET", "/deep?at%5Bx%5D=1&at%5Bname%5D=a%20b", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.free(filter={"k&": "v"}),
        Request("GET", "/free?filter%5Bk%26%5D=v", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.free(filter={}),
        Request("GET", "/free", headers={}),
        Answer(status=204),
    ),
]
