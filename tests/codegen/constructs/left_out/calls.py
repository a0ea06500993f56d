from tests.codegen.calls import Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(lambda client: client.things_api.create(), Request("POST", "/things")),
]
