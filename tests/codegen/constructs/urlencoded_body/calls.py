from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create("a b&c", size=3),
        Request(
            "POST",
            "/things",
            b"name=a+b%26c&size=3",
            {"content-type": "application/x-www-form-urlencoded"},
        ),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.create("a", size="3"), "ApiTypeError", "size"),
]
