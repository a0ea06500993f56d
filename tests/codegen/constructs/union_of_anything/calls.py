import datetime

from tests.codegen.calls import Answer, Call, Refused, Request, shown

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"at": {"x": 1}}),
        Request("POST", "/things", b'{"at":{"x":1}}'),
        Answer(b'{"at":{"x":1,"y":2}}'),
        ("Point", {"at": {"x": 1, "y": 2}}),
        shows=shown,
    ),
    Call(
        lambda client: client.things_api.create({"at": [1, 2]}),
        Request("POST", "/things", b'{"at":[1,2]}'),
        Answer(b'{"at":[3]}'),
        ("list", {"at": [3]}),
        shows=shown,
    ),
    Call(
        lambda client: client.things_api.create({"at": {"name": "a"}}),
        Request("POST", "/things", b'{"at":{"name":"a"}}'),
        Answer(b'{"at":{"x":"left"}}'),
        ("dict", {"at": {"x": "left"}}),
        shows=shown,
    ),
    Call(
        lambda client: client.things_api.create({"at": "end"}),
        Request("POST", "/things", b'{"at":"end"}'),
        Answer(b'{"at":"start"}'),
        ("ThingAtOneOf4", {"at": "start"}),
        shows=shown,
    ),
    Call(
        lambda client: client.things_api.create({"at": datetime.date(2020, 1, 2)}),
        Request("POST", "/things", b'{"at":"2020-01-02"}'),
        Answer(b'{"at":"2020-01-02"}'),
        ("date", {"at": datetime.date(2020, 1, 2)}),
        shows=shown,
    ),
    Call(
        lambda client: client.things_api.create({"at": "2020-01-02"}),
        Request("POST", "/things", b'{"at":"2020-01-02"}'),
        Answer(b'{"at":"middle"}'),
        ("str", {"at": "middle"}),
        shows=shown,
    ),
    Refused(
        lambda client: client.things_api.create({"at": 5}),
        "ApiTypeError",
        "got a value of type int",
    ),
    Refused(lambda client: client.things_api.create({"at": {"x": [1]}}), "ApiTypeError", "x"),
]
