from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"kind": "a-b"}),
        Request("POST", "/things", b'{"kind":"a-b"}'),
        Answer(b'{"kind":"a_b"}'),
        {"kind": "a_b"},
    ),
    Call(
        lambda client: client.things_api.create({"kind": ""}),
        Request("POST", "/things", b'{"kind":""}'),
        Answer(b'{"kind":"1"}'),
        {"kind": "1"},
    ),
    Refused(lambda client: client.things_api.create({"kind": "b"}), "ApiValueError", "b"),
]
