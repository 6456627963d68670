"""Output that is complete or absent."""

import os

import pytest

from mdat_data import InputError
from mdat_data.process.output import check_writable, whole_file, whole_folder


@pytest.fixture
def flushed(monkeypatch):
    """The inodes that were flushed to the disk, in order, and where renaming took place."""
    events = []
    fsync, rename = os.fsync, os.rename

    def record_fsync(descriptor):
        events.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    def record_rename(old, new):
        events.append("rename")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(os, "rename", record_rename)
    monkeypatch.setattr(os, "replace", record_rename)
    return events


def inode(path):
    return path.stat().st_ino


def test_a_place_in_a_folder_that_does_not_exist_yet(tmp_path):
    check_writable(tmp_path / "new" / "features.h5")
    assert not (tmp_path / "new").exists()


def test_a_place_below_a_file(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file is not a writable folder. Choose another --out"):
        check_writable(tmp_path / "file" / "features.h5")


def test_a_file_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with whole_file(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_on_the_disk_before_it_has_its_name_and_its_name_afterwards(tmp_path, flushed):
    with whole_file(tmp_path / "a.bin") as file:
        file.write(b"new")
    assert flushed == [inode(tmp_path / "a.bin"), "rename", inode(tmp_path)]


def test_a_file_that_fails_leaves_nothing_behind(tmp_path):
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "a.bin") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_a_file_that_fails_keeps_the_one_before(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), whole_file(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"


def test_a_folder_appears_when_everything_is_in_it(tmp_path):
    (tmp_path / "run.tmp").mkdir()
    (tmp_path / "run.tmp" / "left by a run that was killed").touch()
    with whole_folder(tmp_path / "run") as folder:
        (folder / "scores").touch()
        assert not (tmp_path / "run").exists()
    assert [path.name for path in tmp_path.rglob("*")] == ["run", "scores"]


def test_a_folder_is_on_the_disk_before_it_has_its_name_and_its_name_afterwards(tmp_path, flushed):
    with whole_folder(tmp_path / "run") as folder:
        (folder / "plots").mkdir()
        (folder / "plots" / "history.png").write_bytes(b"picture")
        (folder / "scores").write_bytes(b"1.0")
    before, after = flushed[: flushed.index("rename")], flushed[flushed.index("rename") + 1 :]
    content = (tmp_path / "run").rglob("*")
    assert set(before) == {inode(tmp_path / "run"), *(inode(path) for path in content)}
    assert after == [inode(tmp_path)]


def test_a_folder_that_fails_leaves_nothing_behind(tmp_path):
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "deep" / "run") as folder:
        (folder / "half").touch()
        raise KeyboardInterrupt
    assert list((tmp_path / "deep").iterdir()) == []
