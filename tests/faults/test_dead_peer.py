"""A peer that is gone is noticed, without any time limit."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from tests.faults.proxy import ROOT

# Namespaces in which this user is root, where the system has them and lets this user have them.
UNSHARE = ["unshare", "--map-root-user", "--net", "--kill-child"]


def _can_cut_cables() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    tried = "ip link add left type veth peer name right && unshare --net true"
    return not subprocess.run([*UNSHARE, "sh", "-c", tried], capture_output=True).returncode


@pytest.mark.skipif(
    not _can_cut_cables(), reason="needs network namespaces and virtual cables of Linux"
)
def test_a_call_without_a_limit_ends_when_its_server_has_gone() -> None:
    done = subprocess.run(
        [*UNSHARE, sys.executable, "-m", "tests.faults.dead_peer", "client"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("GET http://10.77.0.2:"), done.stdout + done.stderr
