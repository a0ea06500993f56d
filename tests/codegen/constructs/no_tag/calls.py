from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.default_api.read_thing("a/b c"),
        Request("GET", "/things/a%2Fb%20c", headers={"accept": "application/json"}),
        Answer(b'"read"'),
        "read",
    ),
]
