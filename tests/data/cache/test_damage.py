"""Whatever bytes of a features file change, it is read or refused in words."""

import random

import pytest

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_data.cache.check import check
from mdat_data.cache.overview import overview


def read_all(path):
    with open_features(path) as file:
        return file.digest, [file.features(row) for row in range(len(file))]


def overwrite(content, rng):
    for _ in range(rng.choice([1, 4, 16])):
        content[rng.randrange(len(content))] = rng.choice([0, 127, 255])


def scramble(content, rng):
    place, size = rng.randrange(len(content)), rng.choice([4, 64, 512])
    content[place : place + size] = rng.randbytes(len(content[place : place + size]))


def remove(content, rng):
    place = rng.randrange(len(content))
    del content[place : place + rng.choice([1, 8, 4096])]


@pytest.mark.parametrize("damage", [overwrite, scramble, remove])
@pytest.mark.parametrize("seed", range(4))
def test_damaged_bytes_are_read_or_refused(damage, seed, tmp_path, toy_content):
    path, rng, refused = tmp_path / "damaged.h5", random.Random(seed), 0
    for _ in range(10):
        content = bytearray(toy_content)
        damage(content, rng)
        path.write_bytes(content)
        for read in (read_all, overview, check):
            try:
                read(path)
            except InputError as error:
                refused += 1
                assert "damaged.h5" in str(error)
    assert refused
