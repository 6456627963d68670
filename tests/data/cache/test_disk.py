"""A full disk gives a clear message and does not crash the process."""

import errno
import io

import pytest

from mdat_data import InputError
from mdat_data.cache.disk import ErrorKeepingFile, reporting_full_disk


class Full(io.BytesIO):
    """A disk with room for a limited number of bytes."""

    def __init__(self, room):
        super().__init__()
        self.room = room

    def write(self, data):
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, "full")
        return super().write(data)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_gives_the_way_out(number, tmp_path):
    with (
        pytest.raises(InputError, match=r"no room to write .*a\.h5: .*Make room.*continues"),
        reporting_full_disk(tmp_path / "a.h5"),
    ):
        raise OSError(number, "")


def test_other_errors_are_not_changed(tmp_path):
    with pytest.raises(PermissionError), reporting_full_disk(tmp_path / "a.h5"):
        raise PermissionError(errno.EACCES, "")


def test_the_first_error_is_kept_and_nothing_written_after_it():
    disk = Full(room=4)
    file = ErrorKeepingFile(disk)
    assert [file.write(data) for data in (b"abc", b"de", b"f")] == [3, 2, 1]
    assert disk.getvalue() == b"abc"
    with pytest.raises(OSError, match="full"):
        file.check()


def test_without_an_error_everything_is_written():
    disk = Full(room=4)
    file = ErrorKeepingFile(disk)
    file.write(b"abcd")
    file.seek(1)
    assert file.read(2) == b"bc"
    file.check()


def test_after_a_stop_nothing_is_written():
    disk = Full(room=4)
    file = ErrorKeepingFile(disk)
    file.stop()
    file.write(b"a")
    assert disk.getvalue() == b""
    with pytest.raises(InterruptedError):
        file.check()
