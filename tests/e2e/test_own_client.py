"""The section of docs/guide.md on a client for another server is run as it is printed, from the address of a server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.published import ROOT

from cvat_local.embedded import LocalServer

GUIDE = (ROOT / "docs" / "guide.md").read_text()
SECTION = GUIDE.partition("## A client for your own server\n")[2].partition("\n## ")[0]


def test_the_section_runs_as_printed(tmp_path: Path) -> None:
    (command,) = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
    (script,) = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
    with LocalServer() as server:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "CVAT_HOST": server.url,
            "CVAT_USERNAME": server.username,
            "CVAT_PASSWORD": server.password,
        }

        def run(*arguments: str) -> str:
            finished = subprocess.run(
                arguments,
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=300,
            )
            assert finished.returncode == 0, finished.stdout + finished.stderr
            return finished.stdout

        assert re.search(r"166 operations -> my_cvat: \d+ files, \d+ new", run("sh", "-c", command))
        assert run(sys.executable, "-c", script) == "by my own client\n"
        assert "is up to date" in run("sh", "-c", command.replace("generate", "check"))
