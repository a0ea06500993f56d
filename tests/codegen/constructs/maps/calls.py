from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {
                "parts": {"x": {"a": 1}},
                "numbers": {"y": {"z": 0.5}},
                "lists": {"l": ["a"]},
                "free": {"k": [1]},
                "anything": [None],
            }
        ),
        Request(
            "POST",
            "/things",
            b'{"parts":{"x":{"a":1}},"numbers":{"y":{"z":0.5}},"lists":{"l":["a"]},"free":{"k":[1]},"anything":[null]}',
        ),
        Answer(b'{"parts":{"x":{"a":2}},"anything":null}'),
        {"parts": {"x": {"a": 2}}, "anything": None},
    ),
    Refused(
        lambda client: client.things_api.create({"parts": {"x": {"a": "1"}}}), "ApiTypeError", "a"
    ),
]
