from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            on=True,
            usual=["a b", "c"],
            joined=[1, 2],
            piped=[3, 4],
            deep={"a": False, "b": 5},
            open={"c": "d&e"},
            closed={"d": "x"},
            json={"e": "y"},
            none=None,
        ),
        Request(
            "POST",
            "/things",
            b"on=true&usual=a+b&usual=c&joined=1%2C2&piped=3%7C4&deep%5Ba%5D=false&deep%5Bb%5D=5"
            b"&c=d%26e&closed=d%2Cx&json=%7B%22e%22%3A+%22y%22%7D",
            {"content-type": "application/x-www-form-urlencoded"},
        ),
        Answer(status=204),
    ),
    Call(lambda client: client.things_api.create(), Request("POST", "/things"), Answer(status=204)),
]
