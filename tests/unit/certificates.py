"""Certificates of ``localhost`` for tests, issued by themselves, each with its key, and a server with one.

They secure nothing. `GOOD` is valid from 2020 to 2120, `EXPIRED` was in 2020 only.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path

GOOD = """\
-----BEGIN CERTIFICATE-----
MIIBUzCB+qADAgECAhNmdByTsvJfzGpxkmXZ3z5UmskKMAoGCCqGSM49BAMCMBQx
EjAQBgNVBAMMCWxvY2FsaG9zdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAw
MDAwMFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEoBk8ra32mqZt5y7/KHZC7RJuAAXJq0oxyh7nsS9bCZ0dLXq0B/grwpyS
SPUC+9yhrKZ02mbqA9sYv0OUcEc2A6MpMCcwFAYDVR0RBA0wC4IJbG9jYWxob3N0
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAIB/EG4RfvC7Mx+l
NHoJR3jLX9IxYEJwyD43I2wz8FJDAiAcR/7/Klm1ORra9bLh3N5Sw5KyGFP69z8G
RjKwx6VjTg==
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdQxvS6Xf0Y5xIEoS
enNL4OhiM5wa3rCN41F1WrO52yahRANCAASgGTytrfaapm3nLv8odkLtEm4ABcmr
SjHKHuexL1sJnR0terQH+CvCnJJI9QL73KGspnTaZuoD2xi/Q5RwRzYD
-----END PRIVATE KEY-----
"""

EXPIRED = """\
-----BEGIN CERTIFICATE-----
MIIBUjCB+aADAgECAhQ95S3/CCEkpDeg1Py0XtUacL+55TAKBggqhkjOPQQDAjAU
MRIwEAYDVQQDDAlsb2NhbGhvc3QwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAw
MDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAQsEJQuQDaTpVW1kKGEk3mcRr2rdso7eenI3DMHlm/5i7pPFRyTMU0+SdNE
iQ2jUoD2XWi/yCOAgSnc7LwicxyGoykwJzAUBgNVHREEDTALgglsb2NhbGhvc3Qw
DwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAyX5sypW0/+VcH4Y+C
86UvQ/SLjC1ztaxSYNNHmZ/tMwIhANDujrbXF/Jja/jl4OMjo5CEK0Rjgs3gXuqQ
x5P5Ax7r
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEXwlWXwU6w6fkiXe
7MEYsuRLPADY5AMMgH30C9lEE/OhRANCAAQsEJQuQDaTpVW1kKGEk3mcRr2rdso7
eenI3DMHlm/5i7pPFRyTMU0+SdNEiQ2jUoD2XWi/yCOAgSnc7LwicxyG
-----END PRIVATE KEY-----
"""


class TlsServer:
    """Counts the connections; a handshake that succeeds gets an empty answer."""

    def __init__(self, certificate: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self._listener.getsockname()[1]}"
        self.connections = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with (
                connection,
                suppress(OSError),
                self._context.wrap_socket(connection, server_side=True) as secured,
            ):
                secured.recv(100_000)
                secured.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
                )

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
