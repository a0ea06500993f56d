from tests.codegen.calls import Answer, Call, Refused, Request, shown

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"pet": {"kind": "dog"}, "version": 3, "on": True}),
        Request("POST", "/things", b'{"pet":{"kind":"dog"},"version":3,"on":true}'),
        Answer(b'{"pet":{"kind":"cat","lives":9}}'),
        ("Cat", {"pet": {"kind": "cat", "lives": 9}}),
        shows=shown,
    ),
    Refused(
        lambda client: client.things_api.create({"version": 4}),
        "ApiValueError",
        "Expected one of 3; got 4",
    ),
    Refused(
        lambda client: client.things_api.create({"pet": {"kind": "fish"}}),
        "ApiTypeError",
        "Cat | Dog",
    ),
]
