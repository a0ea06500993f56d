from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.few([1, 2], x_words=["abc", "d"]),
        Request("GET", "/few?ids=1&ids=2", headers={"x-words": "abc,d"}),
        Answer(status=204),
    ),
    Call(
        lambda client: client.things_api.few([None, 1]),
        Request("GET", "/few?ids=1"),
        Answer(status=204),
    ),
    Refused(lambda client: client.things_api.few([]), "ApiValueError", "ids"),
    Refused(lambda client: client.things_api.few([1, 2, 3]), "ApiValueError", "ids"),
    Refused(lambda client: client.things_api.few([1, 0]), "ApiValueError", "ids[1]"),
    Refused(
        lambda client: client.things_api.few([1], x_words=["a", "B"]),
        "ApiValueError",
        "x_words[1]",
    ),
    Refused(
        lambda client: client.things_api.few([1], x_words=["abcd"]), "ApiValueError", "x_words[0]"
    ),
]
