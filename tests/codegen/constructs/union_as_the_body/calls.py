from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create([{"lives": 9}]),
        Request("POST", "/things", b'[{"lives":9}]'),
        Answer(b'[{"bark":"wow"}]'),
        [{"bark": "wow"}],
    ),
    Call(
        lambda client: client.things_api.create(7),
        Request("POST", "/things", b"7"),
        Answer(b'"none"'),
        "none",
    ),
    Refused(
        lambda client: client.things_api.create(1.5), "ApiTypeError", "got a value of type float"
    ),
]
