from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"text": None, "either": 5, "many": None, "part": None, "kind": None}
        ),
        Request("POST", "/things", b'{"text":null,"either":5,"many":null,"part":null,"kind":null}'),
        Answer(b'{"text":"abc","either":"ab","many":[1],"part":{"a":2},"kind":"x"}'),
        {"text": "abc", "either": "ab", "many": [1], "part": {"a": 2}, "kind": "x"},
    ),
    Refused(lambda client: client.things_api.create({"either": 0}), "ApiValueError", "at least 1"),
    Refused(lambda client: client.things_api.create({"either": "abc"}), "ApiValueError", "length"),
    Refused(lambda client: client.things_api.create({"text": "abcd"}), "ApiValueError", "length"),
]
