from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.get(2, "abc"),
        Request("GET", "/things/abc?deep=2"),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.get(2, "abcd"), "ApiValueError", "id"),
]
