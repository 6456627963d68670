"""Output that is complete or absent."""

import os
import stat
from itertools import islice
from pathlib import Path

import pytest
from full_disk import full_disk

from mdat_data import InputError
from mdat_data.process.output import (
    MARK,
    check_writable,
    numbered,
    remove_leftovers,
    whole_file,
    whole_folder,
)


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


def test_a_folder_that_exists_is_not_replaced(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine").touch()
    with pytest.raises(FileExistsError), whole_folder(tmp_path / "run") as folder:
        (folder / "scores").touch()
    assert [path.name for path in tmp_path.rglob("*")] == ["run", "mine"]


def test_a_folder_that_is_damaged_is_replaced_when_the_new_one_is_complete(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "half").touch()
    with whole_folder(tmp_path / "run", replace=True) as folder:
        (folder / "scores").touch()
        assert (tmp_path / "run" / "half").exists()
    assert [path.name for path in tmp_path.rglob("*")] == ["run", "scores"]


def test_the_users_own_files_are_neither_followed_nor_removed(tmp_path):
    mine, target = tmp_path / "run.tmp", tmp_path / "important"
    mine.mkdir()
    (mine / "notes").touch()
    target.write_text("important")
    (tmp_path / "a.bin.tmp").symlink_to(target)
    with whole_folder(tmp_path / "run"):
        pass
    with whole_file(tmp_path / "a.bin") as file:
        file.write(b"new")
    assert (mine / "notes").exists()
    assert (tmp_path / "a.bin.tmp").is_symlink()
    assert target.read_text() == "important"


def test_a_link_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "target").write_text("important")
    (tmp_path / "a.bin").symlink_to(tmp_path / "target")
    with whole_file(tmp_path / "a.bin") as file:
        file.write(b"new")
    assert (tmp_path / "target").read_text() == "important"
    assert (tmp_path / "a.bin").read_bytes() == b"new"


def test_a_folder_in_the_place_of_a_file_is_left_alone(tmp_path):
    (tmp_path / "a.bin").mkdir()
    with pytest.raises(InputError, match=r"a\.bin must be a file; got a folder. Move it, or"):  # noqa: SIM117
        with whole_file(tmp_path / "a.bin"):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_nobody_can_foresee_a_temporary_name(tmp_path):
    names = set()
    for _ in range(2):
        with whole_file(tmp_path / "a.bin"), whole_folder(tmp_path / "b", replace=True):
            names |= {path.name for path in tmp_path.iterdir() if path.name.endswith(MARK)}
    assert len(names) == 4


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_file_and_a_folder_have_the_mode_that_the_user_wants(tmp_path, mask):
    before = os.umask(mask)
    try:
        with whole_file(tmp_path / "file"), whole_folder(tmp_path / "folder"):
            pass
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("file", "folder")]
    assert modes == [0o666 & ~mask, 0o777 & ~mask]


def test_what_killed_processes_left_is_removed_by_its_mark_alone(tmp_path):
    left = [f".run.{'0123456789abcdef'}{MARK}", f".scores.csv.{'f' * 16}{MARK}"]
    (tmp_path / left[0]).mkdir()
    (tmp_path / left[0] / "half").touch()
    (tmp_path / left[1]).symlink_to(tmp_path / "mine")
    kept = [".run.tmp", f".run.notes{MARK}", f"run{MARK}", f".run.{'0' * 16}.txt", "mine"]
    for name in kept:
        (tmp_path / name).touch()
    remove_leftovers(tmp_path, "other")
    assert len(list(tmp_path.iterdir())) == 7
    remove_leftovers(tmp_path, "run")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*kept, left[1]])
    remove_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


def test_a_full_disk_leaves_nothing_and_the_error_has_the_name(tmp_path):
    with full_disk(1000), pytest.raises(OSError, match="File too large: .*big"):  # noqa: SIM117
        with whole_file(tmp_path / "big") as file:
            file.write(bytes(10_000))
    with full_disk(1000), pytest.raises(OSError, match="File too large: .*run"):  # noqa: SIM117
        with whole_folder(tmp_path / "run") as folder:
            (folder / "big").write_bytes(bytes(10_000))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "x" * 250, "ö" * 101])
def test_a_name_that_no_output_can_have(tmp_path, name):
    with pytest.raises(InputError, match="at most 200 bytes. Choose another --out"):
        check_writable(Path("/", name) if not name else tmp_path / name)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc")
def test_a_place_that_looks_writable_but_is_not():
    with pytest.raises(InputError, match="/proc is not a writable folder. Choose another --out"):
        check_writable(Path("/proc/x"))


def test_a_path_that_is_too_long_for_the_system(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        check_writable(tmp_path.joinpath(*["x" * 100] * 50))


def test_a_taken_name_gets_a_number():
    assert [path.name for path in islice(numbered(Path("runs/a")), 3)] == ["a", "a-2", "a-3"]
