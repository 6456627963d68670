"""Only one process writes a file."""

import errno
import fcntl
import os
import socket
import subprocess
import sys

import pytest

from mdat_data import InputError
from mdat_data.cache import exclusive, refuse_held

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
