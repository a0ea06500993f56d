from tests.codegen.calls import Answer, Call, Refused, Request

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.header(),
        Request("GET", "/header", headers={"x-key": "k", "authorization": None, "cookie": None}),
        Answer(status=204),
        settings={"api_key": {"headerKey": "k", "queryKey": "q", "cookieKey": "c"}},
    ),
    Call(
        lambda client: client.things_api.query(),
        Request("GET", "/query?key=q", headers={"x-key": None}),
        Answer(status=204),
        settings={"api_key": {"headerKey": "k", "queryKey": "q"}},
    ),
    Call(
        lambda client: client.things_api.cookie(),
        Request("GET", "/cookie", headers={"cookie": "key=c", "x-key": None}),
        Answer(status=204),
        settings={"api_key": {"headerKey": "k", "cookieKey": "c"}},
    ),
    Call(
        lambda client: client.things_api.basic(),
        Request("GET", "/basic", headers={"authorization": "Basic dTpw"}),
        Answer(status=204),
        settings={"username": "u", "password": "p"},
    ),
    Call(
        lambda client: client.things_api.bearer(),
        Request("GET", "/bearer", headers={"authorization": "Bearer t"}),
        Answer(status=204),
        settings={"access_token": "t"},
    ),
    Call(
        lambda client: client.things_api.nobody(),
        Request("GET", "/nobody", headers={"authorization": None, "x-key": None}),
        Answer(status=204),
        settings={"access_token": "t", "api_key": {"headerKey": "k"}},
    ),
]
