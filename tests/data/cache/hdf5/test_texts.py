"""Texts that are declared longer than the file."""

import struct
import subprocess
import sys

import h5py
import pytest

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_data.cache.check import check

COLUMNS = ("id", "speaker", "transcript", "digest", "text_token")


def declare(path, name, length):
    """Let the first text of a dataset have another length by its descriptor."""
    with h5py.File(path) as file:
        stored = file[name].id
        place = stored.get_offset() if file[name].chunks is None else None
        place = stored.get_chunk_info(0).byte_offset if place is None else place
    content = bytearray(path.read_bytes())
    content[place : place + 4] = struct.pack("<I", length)
    path.write_bytes(content)


def read_all(path):
    with open_features(path) as file:
        return file.recordings, file.digest, [file.tokens(row) for row in range(len(file))]


@pytest.mark.parametrize("name", COLUMNS)
def test_a_text_longer_than_the_file_is_refused(name, path):
    declare(path, name, 2**32 - 1)
    with pytest.raises(InputError, match=f"the texts of {name} are declared longer than the file"):
        read_all(path)
    try:
        assert check(path).faults
    except InputError as error:
        assert "declared longer" in str(error)


def test_a_text_longer_than_the_file_allocates_nothing(path):
    declare(path, "speaker", 2**32 - 1)
    code = (
        "import sys, mdat_data, mdat_data.cache.check as c; from pathlib import Path\n"
        "try: c.check(Path(sys.argv[1]))\nexcept mdat_data.InputError: pass\n"
        # getrusage would count the memory of the process that started this one.
        "import re; print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 2**20  # KiB


@pytest.mark.parametrize("changed", [{"compression": "gzip"}, {"chunks": (2,)}])
def test_texts_that_another_program_packed(changed, path):
    before = read_all(path)
    with h5py.File(path, "a") as file:
        values = file["speaker"][:]
        del file["speaker"]
        file.create_dataset("speaker", data=values, dtype=h5py.string_dtype(), **changed)
    if "compression" in changed:
        with pytest.raises(InputError, match="has packed those of speaker. Undo it with: h5repack"):
            read_all(path)
    else:
        assert read_all(path) == before
