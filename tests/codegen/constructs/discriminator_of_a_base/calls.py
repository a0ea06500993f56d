from tests.codegen.calls import Answer, Call, Refused, Request, shown

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"pet": {"kind": "Cat", "lives": 9}}),
        Request("POST", "/things", b'{"pet":{"kind":"Cat","lives":9}}'),
        Answer(b'{"pet":{"kind":"Dog","bark":"wow"}}'),
        ("Dog", {"pet": {"kind": "Dog", "bark": "wow"}}),
        shows=shown,
    ),
    Call(
        lambda client: client.things_api.create({"pet": {"kind": "Pet"}}),
        Request("POST", "/things", b'{"pet":{"kind":"Pet"}}'),
        Answer(b'{"pet":{"kind":"Fish"}}'),
        ("Cat", {"pet": {"kind": "Fish"}}),
        shows=shown,
    ),
]
