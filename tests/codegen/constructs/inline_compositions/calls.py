from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"all": {"id": 1, "name": "a"}, "many": [{"id": 2, "size": 3}], "any": {"other": "b"}}
        ),
        Request(
            "POST",
            "/things",
            b'{"all":{"id":1,"name":"a"},"many":[{"id":2,"size":3}],"any":{"other":"b"}}',
        ),
        Answer(b'{"all":{"id":5}}'),
        {"all": {"id": 5}},
    ),
    Refused(
        lambda client: client.things_api.create({"many": [{"id": 2}]}), "ApiTypeError", "'size'"
    ),
]
