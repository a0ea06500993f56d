from tests.codegen.calls import Answer, Call, Refused, Request

FINE = Answer(status=204)
FIRST = {"server_index": 0}

CALLS: list[Call | Refused] = [
    # The host of a caller stands in the place of all servers.
    Call(lambda client: client.things_api.get(), Request("GET", "/things"), FINE),
    Call(lambda client: client.things_api.create(), Request("POST", "/things"), FINE),
    Call(lambda client: client.things_api.rest(_host_index=0), Request("GET", "/api/rest"), FINE),
    Call(
        lambda client: client.things_api.rest(),
        Request("GET", "/api/rest"),
        FINE,
        settings=FIRST,
    ),
    Call(
        lambda client: client.things_api.get(),
        Request("GET", "/path/things"),
        FINE,
        settings=FIRST,
    ),
    Call(
        lambda client: client.things_api.create(),
        Request("POST", "/v2/own/things"),
        FINE,
        settings={**FIRST, "server_variables": {"version": "v2"}},
    ),
    Call(
        lambda client: client.things_api.create(),
        Request("POST", "/other/things"),
        FINE,
        settings={**FIRST, "server_operation_index": {"things.create": 1}},
    ),
    Call(
        lambda client: client.things_api.create(_host_index=0),
        Request("POST", "/v2/own/things"),
        FINE,
        settings={"server_operation_variables": {"create": {"version": "v2"}}},
    ),
]
