import io

from tests.codegen.calls import Answer, Call, Refused, Request, form

FINE = Answer(status=204)

CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.one({"b": True}), Request("POST", "/one", b"b=true"), FINE
    ),
    Call(
        lambda client: client.things_api.all(
            {"name": "n", "file": ("f.txt", io.BytesIO(b"F")), "sizes": [1, 2]}
        ),
        Request(
            "POST",
            "/all",
            form(
                'Content-Disposition: form-data; name="name"\n\nn',
                'Content-Disposition: form-data; name="file"; filename="f.txt"\n'
                "Content-Type: text/plain\n\nF",
                'Content-Disposition: form-data; name="sizes"\n\n1',
                'Content-Disposition: form-data; name="sizes"\n\n2',
            ),
        ),
        FINE,
    ),
    Call(
        lambda client: client.things_api.free(body={"x": 1, "y": 2}),
        Request("POST", "/free", b"x=1&y=2"),
        FINE,
    ),
    Call(lambda client: client.things_api.nested(at={"n": 1}), Request("GET", "/nested?n=1"), FINE),
    Refused(lambda client: client.things_api.nested(at={"list": [1]}), "ApiValueError", "at.list"),
]
