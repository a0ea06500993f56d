from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"kind": "a", "kinds": ["c"], "by_name": {"x": "e"}, "deep": [["g"]]}
        ),
        Request(
            "POST", "/things", b'{"kind":"a","kinds":["c"],"by_name":{"x":"e"},"deep":[["g"]]}'
        ),
        Answer(b'{"kind":"z","kinds":["d"]}'),
        {"kind": "z", "kinds": ["d"]},
    ),
    Refused(lambda client: client.things_api.create({"kinds": ["a"]}), "ApiValueError", "kinds"),
    Refused(
        lambda client: client.things_api.create({"by_name": {"x": "a"}}), "ApiValueError", "by_name"
    ),
]
