import importlib
import io
from typing import Any

from tests.codegen.calls import Answer, Call, Refused, Request, form

FINE = Answer(status=204)
FORM = form('Content-Disposition: form-data; name="names"\n\na')


def a_form(client: Any) -> Any:
    models = importlib.import_module("construct_body_by_media_type.models")
    return client.things_api.create(models.Form(names=["a"]))


CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create({"n": 1}),
        Request("POST", "/things", b'{"n":1}', {"content-type": "application/json"}),
        FINE,
    ),
    Call(
        lambda client: client.things_api.create(
            {"names": ["a"]}, _content_type="multipart/form-data"
        ),
        Request("POST", "/things", FORM),
        FINE,
    ),
    Call(a_form, Request("POST", "/things", FORM), FINE),
    Call(
        lambda client: client.things_api.create(io.BytesIO(b"\x00")),
        Request("POST", "/things", b"\x00", {"content-type": "application/octet-stream"}),
        FINE,
    ),
    Call(
        lambda client: client.things_api.create("text", _content_type="text/plain"),
        Request("POST", "/things", b"text", {"content-type": "text/plain"}),
        FINE,
    ),
    Refused(
        lambda client: client.things_api.create({"n": "x"}, _content_type="application/json"),
        "ApiTypeError",
        "n",
    ),
]
