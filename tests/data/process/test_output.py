"""Where results go."""

import pytest

from mdat_data import InputError
from mdat_data.process.output import check_writable, whole_folder


def test_a_place_in_a_folder_yet_to_be_made(tmp_path):
    check_writable(tmp_path / "new" / "features.h5")
    assert not (tmp_path / "new").exists()


def test_a_place_below_a_file(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file is no folder that may be written to"):
        check_writable(tmp_path / "file" / "features.h5")


def test_a_folder_appears_when_all_is_in_it(tmp_path):
    (tmp_path / "run.tmp").mkdir()
    (tmp_path / "run.tmp" / "of a run that was killed").touch()
    with whole_folder(tmp_path / "run") as folder:
        (folder / "scores").touch()
        assert not (tmp_path / "run").exists()
    assert [path.name for path in tmp_path.rglob("*")] == ["run", "scores"]


def test_of_a_folder_that_fails_nothing_stays(tmp_path):
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "deep" / "run") as folder:
        (folder / "half").touch()
        raise KeyboardInterrupt
    assert list((tmp_path / "deep").iterdir()) == []
