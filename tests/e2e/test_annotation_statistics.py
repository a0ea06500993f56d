"""The example that counts what is annotated."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pandas
from PIL import Image
from tests.published import ROOT


def test_a_table_of_statistics_and_a_plot(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CVAT_")}
    finished = subprocess.run(
        [sys.executable, ROOT / "examples" / "annotation_statistics.py", "--output", tmp_path],
        env=kept,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr

    with (tmp_path / "statistics.csv").open(newline="") as file:
        rows = {row["label"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["car", "sun", "bird"] or list(rows) == ["car", "bird", "sun"]
    assert rows["car"]["shapes"] == str(6 + 7 + 8 + 9)
    assert (rows["bird"]["shapes"], rows["bird"]["tracks"]) == ("4", "1")  # one a frame
    assert rows["bird"]["mean_area"] == "200.0"
    assert rows["sun"]["largest_area"] == "5026.5"  # a circle of radius 40
    assert len(pandas.read_parquet(tmp_path / "annotations.parquet")) == 38
    with Image.open(tmp_path / "statistics.png") as image:
        assert image.size == (1320, 480)
        colours = image.convert("RGB").getcolors(1 << 20)
        assert colours is not None and len(colours) > 50
