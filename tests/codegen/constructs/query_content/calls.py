from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.by(filter={"any": [1, 2]}),
        Request("GET", "/by?filter=%7B%22any%22%3A%5B1%2C2%5D%7D", headers={}),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.by(filter={"any": ["x"]}), "ApiTypeError", "filter"),
]
