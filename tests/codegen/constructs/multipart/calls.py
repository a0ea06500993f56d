import io

from tests.codegen.calls import Answer, Call, Refused, Request, form

FINE = Answer(status=204)


def named(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


CALLS: list[Call | Refused] = [
    Call(
        lambda client: client.things_api.create("n", on=True, words=["a", "b"], numbers=[1, 2]),
        Request(
            "POST",
            "/things",
            form(
                'Content-Disposition: form-data; name="name"\n\nn',
                'Content-Disposition: form-data; name="on"\n\ntrue',
                'Content-Disposition: form-data; name="words"\nX-Level: 3\n\na',
                'Content-Disposition: form-data; name="words"\nX-Level: 3\n\nb',
                'Content-Disposition: form-data; name="numbers"\nContent-Type: application/json\n\n'
                "[1, 2]",
            ),
        ),
        FINE,
    ),
    Call(
        lambda client: client.things_api.create(
            "n",
            about={"a": True},
            picture=named("a.bin", b"P"),
            files=[named("b.jpg", b"J"), named("c.txt", b"T")],
            text="*t*",
        ),
        Request(
            "POST",
            "/things",
            form(
                'Content-Disposition: form-data; name="name"\n\nn',
                'Content-Disposition: form-data; name="about"\nContent-Type: application/json\n\n'
                '{"a": true}',
                'Content-Disposition: form-data; name="picture"; filename="a.bin"\n'
                "Content-Type: image/png\nX-Kind: small\n\nP",
                'Content-Disposition: form-data; name="files"; filename="b.jpg"\n'
                "Content-Type: image/jpeg\n\nJ",
                'Content-Disposition: form-data; name="files"; filename="c.txt"\n'
                "Content-Type: image/png\n\nT",
                'Content-Disposition: form-data; name="text"\nContent-Type: text/markdown\n\n*t*',
            ),
        ),
        FINE,
    ),
    Call(
        lambda client: client.things_api.model(
            thing={"tags": ["a", "b"], "part": {"n": 1}, "on": False},
            _content_type="multipart/form-data",
        ),
        Request(
            "POST",
            "/models",
            form(
                'Content-Disposition: form-data; name="tags"\n\na',
                'Content-Disposition: form-data; name="tags"\n\nb',
                'Content-Disposition: form-data; name="part"\nContent-Type: application/json\n\n'
                '{"n": 1}',
                'Content-Disposition: form-data; name="on"\nContent-Type: text/plain\n\nfalse',
            ),
        ),
        FINE,
    ),
    Call(
        lambda client: client.things_api.model(thing={"tags": ["a"]}),
        Request("POST", "/models", b'{"tags":["a"]}', {"content-type": "application/json"}),
        FINE,
    ),
    # Beside JSON, a form of which nothing is said numbers the fields of a list, as Django REST framework wants it.
    Call(
        lambda client: client.things_api.both(
            thing={"tags": ["a", "b"], "on": False}, _content_type="multipart/form-data"
        ),
        Request(
            "POST",
            "/both",
            form(
                'Content-Disposition: form-data; name="tags[0]"\n\na',
                'Content-Disposition: form-data; name="tags[1]"\n\nb',
                'Content-Disposition: form-data; name="on"\n\nFalse',
            ),
        ),
        FINE,
    ),
    Refused(lambda client: client.things_api.create("n", words=[1]), "ApiTypeError", "words[0]"),
]
