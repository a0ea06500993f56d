from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(lambda client: client.things_api.get(), Request("GET", "/things"), Answer(b"7"), 7),
    Call(lambda client: client.things_api.get(), Request("GET", "/things"), Answer(b"8", 203), 8),
]
