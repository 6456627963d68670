"""Files that appear whole or not at all."""

import errno
import io

import pytest

from mdat_data import InputError
from mdat_data.cache.disk import ErrorKeepingFile, published, reporting_full_disk


class Full(io.BytesIO):
    """A disk with room for so many bytes."""

    def __init__(self, room):
        super().__init__()
        self.room = room

    def write(self, data):
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, "full")
        return super().write(data)


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with published(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_of_a_failure_nothing_stays(tmp_path):
    with pytest.raises(KeyboardInterrupt), published(tmp_path / "a.bin") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_with_what_to_do(number, tmp_path):
    with (
        pytest.raises(InputError, match=r"no room to write .*a\.h5: .*make room.*goes on"),
        reporting_full_disk(tmp_path / "a.h5"),
    ):
        raise OSError(number, "")


def test_another_error_is_not_taken_for_a_full_disk(tmp_path):
    with pytest.raises(PermissionError), reporting_full_disk(tmp_path / "a.h5"):
        raise PermissionError(errno.EACCES, "")


def test_the_first_error_is_kept_and_nothing_written_after_it():
    disk = Full(room=4)
    file = ErrorKeepingFile(disk)
    assert [file.write(data) for data in (b"abc", b"de", b"f")] == [3, 2, 1]
    assert disk.getvalue() == b"abc"
    with pytest.raises(OSError, match="full"):
        file.check()


def test_without_an_error_all_is_written():
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
