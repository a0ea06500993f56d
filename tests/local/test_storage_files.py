"""The data folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cvat_local.storage.engine import open_engine, writing
from cvat_local.storage.files import DataFolder, FolderInUse, UnsafePath
from cvat_local.storage.migrate import upgrade
from cvat_local.storage.tables import Project


@pytest.fixture
def files(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_only_the_owner_may_look_into_the_folder(files: DataFolder) -> None:
    assert files.root.stat().st_mode & 0o777 == 0o700
    assert files.task(1, "raw").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "/etc/passwd", "..\\x", "\\x", "a\0b", ".."],
)
def test_names_that_leave_their_folder_are_refused(files: DataFolder, name: str) -> None:
    with pytest.raises(UnsafePath):
        files.inside(files.task(1), name)


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights on Windows")
def test_a_symbolic_link_does_not_lead_out(files: DataFolder, tmp_path: Path) -> None:
    folder = files.task(1)
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(UnsafePath):
        files.inside(folder, "link/other.png")


def test_names_with_folders_stay_inside(files: DataFolder) -> None:
    folder = files.task(1)
    assert files.inside(folder, "a/b..c/ü d.png") == folder / "a" / "b..c" / "ü d.png"
    assert files.inside(folder, "a\\b.png") == folder / "a" / "b.png"


def test_paths_survive_moving_the_folder(files: DataFolder, tmp_path: Path) -> None:
    kept = files.relative(files.task(7) / "a.png")
    assert kept == "tasks/7/a.png"
    assert DataFolder(tmp_path / "moved").absolute(kept) == tmp_path / "moved/tasks/7/a.png"


def test_a_file_appears_whole_or_not_at_all(files: DataFolder) -> None:
    target = files.results / "deep" / "out.zip"
    with files.writing(target) as file:
        file.write(b"one")
        file.flush()
        assert not target.exists()
    with pytest.raises(ZeroDivisionError), files.writing(target) as file:
        file.write(b"half of tw")
        raise ZeroDivisionError
    assert target.read_bytes() == b"one"
    assert list(files.temporary.iterdir()) == []


def test_files_go_with_the_commit_that_gives_them_up(files: DataFolder, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/test.sqlite3")
    upgrade(engine)
    (files.task(1) / "a.png").touch()
    with pytest.raises(ZeroDivisionError), writing(engine) as db:
        db.add(Project(name="p"))
        files.discard_after_commit(db, [files.task_folder(1)])
        db.flush()
        raise ZeroDivisionError
    assert files.task_folder(1).exists()
    with writing(engine) as db:
        db.add(Project(name="p"))
        files.discard_after_commit(db, [files.task_folder(1), files.task_folder(2)])
    assert not files.task_folder(1).exists()


def test_nothing_outside_can_be_discarded(files: DataFolder, tmp_path: Path) -> None:
    for path in (tmp_path, files.root):
        with pytest.raises(UnsafePath):
            files.discard(path)


def test_leftovers_of_a_crash_are_cleared(files: DataFolder) -> None:
    (files.temporary / "half").touch()
    (files.task(1) / "a.png").touch()
    (files.task(2) / "a.png").touch()
    files.asset("kept").touch()
    files.asset("gone").touch()
    files.clear_leftovers({2}, {"kept"})
    assert list(files.temporary.iterdir()) == []
    assert [path.name for path in (files.root / "tasks").iterdir()] == ["2"]
    assert [path.name for path in (files.root / "assets").iterdir()] == ["kept"]


def test_one_server_at_a_time(files: DataFolder) -> None:
    files.claim()
    with pytest.raises(FolderInUse, match="running"):
        DataFolder(files.root).claim()
    files.release()
    other = DataFolder(files.root)
    other.claim()
    other.release()


def test_a_killed_server_gives_the_folder_back(files: DataFolder) -> None:
    script = (
        "import sys; from cvat_local.storage.files import DataFolder;"
        "folder = DataFolder(sys.argv[1]); folder.claim();"
        "print('claimed', flush=True); sys.stdin.read()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", script, str(files.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        assert server.stdout is not None
        assert server.stdout.readline() == "claimed\n"
        with pytest.raises(FolderInUse):
            files.claim()
        server.kill()
    files.claim()
    files.release()
