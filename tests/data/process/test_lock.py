"""Only one process writes a file."""

import errno
import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mdat_data import InputError
from mdat_data.cache import exclusive, refuse_held
from mdat_data.process.lock import HeldError
from mdat_data.process.output import MARK

HOLD = """
import sys, time
from pathlib import Path
from mdat_data.cache import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def out(tmp_path):
    return tmp_path / "new" / "toy.h5"


@pytest.fixture
def holder(out):
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(out)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_refused_until_the_first_one_dies(out, holder):
    who = rf"pid {holder.pid} on {socket.gethostname()} since 20\d\d-"
    with (
        pytest.raises(InputError, match=rf"toy\.h5 is being written by .* \({who}"),
        exclusive(out),
    ):
        pass
    holder.kill()
    holder.wait()
    assert out.with_name("toy.h5.lock").exists()
    with exclusive(out):
        pass


def test_nothing_is_left_behind(out):
    with exclusive(out):
        assert [path.name for path in out.parent.iterdir()] == ["toy.h5.lock"]
    assert not out.parent.exists()


def test_a_folder_that_is_used_is_kept(out):
    with exclusive(out):
        out.touch()
    assert out.exists()


def test_an_empty_folder_that_existed_before_is_kept(out):
    out.parent.mkdir()
    with exclusive(out):
        pass
    assert list(out.parent.iterdir()) == []


def test_a_file_without_a_lock_is_not_refused_and_nothing_is_made(out):
    refuse_held(out)
    assert not out.parent.exists()


def test_a_file_that_another_process_holds_is_refused(out, holder):
    with pytest.raises(InputError, match=f"is being written by .*pid {holder.pid}"):
        refuse_held(out)


def test_what_a_killed_holder_left_is_removed_and_nothing_else(out, holder):
    names = [f".toy.h5.{'0' * 16}{MARK}", f".other.h5.{'0' * 16}{MARK}", "toy.h5.tmp"]
    for name in names:
        (out.parent / name).touch()
    with pytest.raises(HeldError), exclusive(out):
        pass
    assert {path.name for path in out.parent.iterdir()} == {"toy.h5.lock", *names}
    holder.kill()
    holder.wait()
    with exclusive(out):
        pass
    assert {path.name for path in out.parent.iterdir()} == set(names[1:])


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_a_file_of_the_user_under_the_name_of_the_lock_is_left_alone(tmp_path, kind):
    out, lock, mine = tmp_path / "toy.h5", tmp_path / "toy.h5.lock", tmp_path / "mine"
    mine.write_text("pid of my program")
    if kind == "file":
        lock.write_text("my own notes")
    elif kind == "link":
        lock.symlink_to(mine)
    else:
        lock.mkdir()
    before = lock.lstat()
    with pytest.raises(InputError, match="but that is another file. Move it"), exclusive(out):
        pass
    assert mine.read_text() == "pid of my program"
    after = lock.lstat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert kind != "file" or lock.read_text() == "my own notes"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc")
def test_a_lock_that_cannot_be_made_is_an_error_of_the_user():
    with pytest.raises(InputError, match="/proc is not a writable folder. Choose"):  # noqa: SIM117
        with exclusive(Path("/proc/x")):
            pass


def test_files_in_one_folder_do_not_block_each_other(out):
    with exclusive(out), exclusive(out.with_name("other.h5")):
        pass


def test_on_a_disk_without_locks_the_file_is_the_lock(out, monkeypatch):
    def missing(*_):
        raise OSError(errno.ENOSYS, "no locks here")

    monkeypatch.setattr(fcntl, "flock", missing)
    refused = pytest.raises(InputError, match=f"{os.getpid()}.* remove .*lock")
    with (
        pytest.warns(UserWarning, match="flock not supported"),
        exclusive(out),
        refused,
        exclusive(out),
    ):
        pass
    assert not out.parent.exists()


@pytest.mark.parametrize("name", [".", "..", "/"])
def test_what_has_no_name_of_its_own_is_refused(name):
    with pytest.raises(InputError, match="it must have a name"), exclusive(Path(name)):
        pytest.fail("it was locked")
