from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.since(days=["2024-01-02"]),
        Request("GET", "/since?days=2024-01-02", headers={}),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.since(days=["soon"]), "ApiValueError", "days[0]"),
]
