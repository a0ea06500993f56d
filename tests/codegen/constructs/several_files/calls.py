from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"name": "a", "owner": {"things": [{"name": "b"}], "address": {"city": "X"}}}, kind="a"
        ),
        Request(
            "POST",
            "/things?kind=a",
            b'{"name":"a","owner":{"things":[{"name":"b"}],"address":{"city":"X"}}}',
        ),
        Answer(b'{"name": "a", "parent": {"name": "b"}}'),
        {"name": "a", "parent": {"name": "b"}},
    ),
    Call(
        lambda client: client.things_api.owner(3),
        Request("GET", "/owners/3"),
        Answer(b'{"address": {"city": "Y"}}'),
        {"address": {"city": "Y"}},
    ),
    Refused(lambda client: client.things_api.create({}), "ApiTypeError", "name"),
]
