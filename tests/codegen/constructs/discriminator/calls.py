from tests.codegen.calls import Answer, Call, Refused, Request, shown

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"pet": {"kind": "puppy"}}),
        Request("POST", "/things", b'{"pet":{"kind":"puppy"}}'),
        Answer(b'{"pet":{"kind":"dog","name":"a"}}'),
        ("Dog", {"pet": {"kind": "dog", "name": "a"}}),
        shows=shown,
    ),
    Call(
        lambda client: client.things_api.create({"all": [{"kind": "cat"}, {"kind": "dog"}]}),
        Request("POST", "/things", b'{"all":[{"kind":"cat"},{"kind":"dog"}]}'),
        Answer(b'{"pet":{"kind":"cat","age":3}}'),
        ("Cat", {"pet": {"kind": "cat", "age": 3}}),
        shows=shown,
    ),
    Refused(
        lambda client: client.things_api.create({"pet": {"kind": "dog", "name": 1}}),
        "ApiTypeError",
        "name",
    ),
]
