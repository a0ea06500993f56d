from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"name": "a", "password": "b"}),
        Request("POST", "/things", b'{"name":"a","password":"b"}'),
        Answer(b'{"id":1,"name":"a"}'),
        {"id": 1, "name": "a"},
    ),
    Refused(
        lambda client: client.things_api.create({"id": 1, "name": "a", "password": "b"}),
        "ApiAttributeError",
        "read-only",
    ),
]
