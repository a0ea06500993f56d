import datetime

from tests.codegen.calls import Answer, Call, Refused, Request

FINE = Answer(status=204)

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.get(True, full=False, any=True, x_quick=True),
        Request("GET", "/things/true?full=false&any=true", headers={"x-quick": "true"}),
        FINE,
    ),
    Call(
        lambda client: client.things_api.get(
            False,
            any="a b",
            size=1.5,
            at=datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc),
        ),
        Request("GET", "/things/false?any=a%20b&size=1.5&at=2026-01-02T00%3A00%3A00%2B00%3A00"),
        FINE,
    ),
    Call(
        lambda client: client.things_api.get(True, x_quick=None),
        Request("GET", "/things/true", headers={"x-quick": None}),
        FINE,
    ),
    Refused(lambda client: client.things_api.get("yes"), "ApiTypeError", "on"),
]
