"""A call to a server whose cable is cut, in network namespaces of its own; started by `test_dead_peer.py`.

This process has one end of a virtual cable, and a child in another namespace the other one, with a server that takes a
request and never answers. Then the cable is cut: no packet says that the server has gone.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import IO
from unittest import mock

from urllib3.exceptions import HTTPError

from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.api_client.runtime import transport

HERE, THERE = "10.77.0.1", "10.77.0.2"
# One question a second, and two that may be left without an answer.
SHORTENED = {"TCP_KEEPIDLE": 1, "TCP_KEEPALIVE": 1, "TCP_KEEPINTVL": 1, "TCP_KEEPCNT": 2}


def client() -> None:
    """Print the first line of the error of the call."""
    command = ["unshare", "--net", sys.executable, "-m", "tests.faults.dead_peer", "server"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()  # it is in its namespace
        _ip("link", "add", "left", "type", "veth", "peer", "name", "right", "netns", str(child.pid))
        _ip("addr", "add", f"{HERE}/24", "dev", "left")
        _ip("link", "set", "left", "up")
        child.stdin.write("start\n")
        child.stdin.flush()
        port = int(child.stdout.readline())
        configuration = Configuration(host=f"http://{THERE}:{port}", timeout=None)
        configuration.retries = False
        with mock.patch.dict(transport._ALIVE, SHORTENED), ApiClient(configuration) as made:
            try:
                made.server_api.retrieve_about(_request_timeout=None)
            except HTTPError as error:
                print(str(error).splitlines()[0])
        child.kill()


def server(orders: IO[str]) -> None:
    """Take a request, and cut the cable."""
    print("here", flush=True)
    orders.readline()
    _ip("addr", "add", f"{THERE}/24", "dev", "right")
    _ip("link", "set", "right", "up")
    with socket.create_server((THERE, 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
        with connection:
            connection.recv(100_000)
            _ip("link", "set", "right", "down")
            orders.readline()


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


if __name__ == "__main__":
    if sys.argv[1] == "server":
        server(sys.stdin)
    else:
        client()
