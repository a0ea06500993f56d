from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {
                "part": {"a": 1},
                "more": {"a": 2, "b": "c"},
                "small": 2,
                "pair": [1, "a"],
                "free": [{}],
                "any": [1],
                "image": "AA==",
            }
        ),
        Request(
            "POST",
            "/things",
            b'{"part":{"a":1},"more":{"a":2,"b":"c"},"small":2,"pair":[1,"a"],"free":[{}],"any":[1],"image":"AA=="}',
        ),
        Answer(b'{"part":{"a":3}}'),
        {"part": {"a": 3}},
    ),
    Refused(lambda client: client.things_api.create({"small": 1}), "ApiValueError", "more than 1"),
    Refused(lambda client: client.things_api.create({"small": 9}), "ApiValueError", "less than 9"),
    Refused(lambda client: client.things_api.create({"pair": [1.5]}), "ApiTypeError", "int | str"),
]
