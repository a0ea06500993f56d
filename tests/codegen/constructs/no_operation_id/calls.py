from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.get_things_id_parts(3),
        Request("GET", "/things/3/parts"),
        Answer(b'"a"'),
        "a",
    ),
    Call(
        lambda client: client.things_api.post_things_id_parts(3),
        Request("POST", "/things/3/parts"),
        Answer(b'"b"'),
        "b",
    ),
    Refused(lambda client: client.things_api.get_things_id_parts("x"), "ApiTypeError", "id"),
]
