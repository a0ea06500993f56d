from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"name": "a"}),
        Request("POST", "/things", b'{"name":"a"}'),
        Answer(b'{"name":"b","id":1}'),
        {"id": 1, "name": "b"},
    ),
    Refused(lambda client: client.things_api.create({"id": 1}), "ApiTypeError", "'name'"),
]
