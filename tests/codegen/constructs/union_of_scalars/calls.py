import datetime

from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create(
            {"value": True, "size": 1.5, "many": ["a", 1, False]}
        ),
        Request("POST", "/things", b'{"value":true,"size":1.5,"many":["a",1,false]}'),
        Answer(b'{"value":7,"size":"2020-01-02T03:04:05Z","many":[1,"1",true]}'),
        {
            "value": 7,
            "size": datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
            "many": [1, "1", True],
        },
    ),
    Call(
        lambda client: client.things_api.create({"value": "a", "size": None}),
        Request("POST", "/things", b'{"value":"a","size":null}'),
        Answer(b'{"value":{"new":1},"size":null}'),
        {"value": {"new": 1}, "size": None},
    ),
    Refused(
        lambda client: client.things_api.create({"value": 1.5}),
        "ApiTypeError",
        "Expected str | int | bool, got a value of type float",
    ),
    Refused(lambda client: client.things_api.create({"value": -1}), "ApiValueError", "at least 0"),
    Refused(lambda client: client.things_api.create({"value": None}), "ApiTypeError", "NoneType"),
]
