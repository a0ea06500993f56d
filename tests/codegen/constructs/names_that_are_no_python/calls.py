from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api._class(_from="a", page_size=2, x_request_id="r"),
        Request("GET", "/things?from=a&page%5Bsize%5D=2", headers={"x-request-id": "r"}),
        Answer(status=204),
    ),
]
