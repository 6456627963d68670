"""The toy features file."""

from pathlib import Path

import pytest
from caches import write_cache


@pytest.fixture(scope="session")
def toy_content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_cache(tmp_path_factory.mktemp("cache") / "toy.h5").read_bytes()


@pytest.fixture
def path(tmp_path: Path, toy_content: bytes) -> Path:
    """The toy file for one test: a copy, since writing takes longer than most tests."""
    path = tmp_path / "toy.h5"
    path.write_bytes(toy_content)
    return path
