from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.get(1, id_2=2, id_3=3),
        Request("GET", "/things/1?id=2", headers={"id": "3"}),
        Answer(b'"x"'),
        "x",
    ),
]
