from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.spaces(ids=[1, 2]),
        Request("GET", "/spaces?ids=1%202", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.pipes(ids=["a|b", "c"]),
        Request("GET", "/pipes?ids=a%7Cb%7Cc", headers={}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.each(ids=["a", "b"]),
        Request("GET", "/each?ids=a&ids=b", headers={}),
        Answer(status=204),
    ),
]
