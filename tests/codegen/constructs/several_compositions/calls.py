from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"id": 1, "bark": "wow"}),
        Request("POST", "/things", b'{"id":1,"bark":"wow"}'),
        Answer(b'{"id":2,"lives":9}'),
        {"id": 2, "lives": 9},
    ),
]
