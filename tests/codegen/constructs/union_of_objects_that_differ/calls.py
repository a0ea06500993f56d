from tests.codegen.calls import Answer, Call, Refused, Request, shown

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"pet": {"id": 1, "lives": 9}}),
        Request("POST", "/things", b'{"pet":{"id":1,"lives":9}}'),
        Answer(b'{"pet":{"id":"a","bark":"wow"}}'),
        ("Dog", {"pet": {"id": "a", "bark": "wow"}}),
        shows=shown,
    ),
    Call(
        lambda client: client.things_api.create({"pet": {"id": "x"}}),
        Request("POST", "/things", b'{"pet":{"id":"x"}}'),
        Answer(b'{"pet":{"id":2}}'),
        ("Cat", {"pet": {"id": 2}}),
        shows=shown,
    ),
    Refused(
        lambda client: client.things_api.create({"pet": {"lives": 9}}),
        "ApiTypeError",
        "Cat misses the required 'id'",
    ),
]
