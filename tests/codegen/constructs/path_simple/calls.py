from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.joined(["a/b", "c,d"]),
        Request("GET", "/joined/a%2Fb,c%2Cd", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.at({"x": 1, "name": "a"}),
        Request("GET", "/at/x,1,name,a", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.at_each({"x": 1, "name": "a"}),
        Request("GET", "/each/x=1,name=a", headers={}),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.joined([]), "ApiValueError", "ids"),
]
