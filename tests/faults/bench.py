"""What the matrix runs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.faults.calls import Bench
from tests.faults.proxy import FaultProxy
from tests.processes import ServerProcess
from tests.unit import certificates


@contextmanager
def running(folder: Path) -> Iterator[Bench]:
    """A server and the proxy before it, each in its process.

    Args:
        folder: An empty folder for the data of the server, and the certificates of the proxy.
    """
    (folder / "good.pem").write_text(certificates.GOOD)
    (folder / "expired.pem").write_text(certificates.EXPIRED)
    server = ServerProcess(folder / "data")
    try:
        with FaultProxy(server.url, folder) as proxy, closing(Bench(server, proxy, folder)) as made:
            yield made
    finally:
        server.stop()
