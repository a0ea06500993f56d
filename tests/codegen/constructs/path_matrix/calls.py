from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.one("a;b"),
        Request("GET", "/one/;id=a%3Bb", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.joined([1, 2]),
        Request("GET", "/joined/;ids=1,2", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.each([1, 2]),
        Request("GET", "/each/;ids=1;ids=2", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.at({"x": 1, "name": "a"}),
        Request("GET", "/at/;x=1;name=a", headers={}),
        Answer(status=204),
    ),
]
