from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.read_thing(), Request("GET", "/one"), Answer(b'"1"'), "1"
    ),
    Call(
        lambda client: client.things_api.read_thing_2(), Request("GET", "/two"), Answer(b'"2"'), "2"
    ),
]
