"""Where results go."""

import pytest

from mdat_data import InputError
from mdat_data.output import check_writable


def test_a_place_in_a_folder_yet_to_be_made(tmp_path):
    check_writable(tmp_path / "new" / "features.h5")
    assert not (tmp_path / "new").exists()


def test_a_place_below_a_file(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file is no folder that may be written to"):
        check_writable(tmp_path / "file" / "features.h5")
