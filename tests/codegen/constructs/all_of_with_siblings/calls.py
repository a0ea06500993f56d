from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"size": 1, "name": "a", "id": 2}),
        Request("POST", "/things", b'{"id":2,"name":"a","size":1}'),
        Answer(b'{"size":3,"name":"b"}'),
        {"name": "b", "size": 3},
    ),
    Refused(lambda client: client.things_api.create({"size": 1}), "ApiTypeError", "'name'"),
]
