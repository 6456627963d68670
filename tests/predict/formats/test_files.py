"""Each recording has a file of its own, wherever it lies and whatever its name is."""

from dataclasses import replace
from pathlib import Path

import pytest
from toy_predictions import HOSTILE, QUIET, WINDOWS

from mdat_data import InputError
from mdat_predict.formats import FORMATS, check, format_of, write
from mdat_predict.formats.files import places

PACKAGES = {"textgrid": "praatio", "elan": "pympi", "audformat": "audformat"}


def named(*names: str) -> list[str]:
    return list(map(str, places([replace(QUIET, recording=name) for name in names], ".eaf")))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.wav"], ["a.eaf"]),
        (["in/a.wav", "in/b.v2.flac", "in/c.v3"], ["a.eaf", "b.v2.eaf", "c.v3.eaf"]),
        (["in/x/1.wav", "in/y/1.wav"], ["x/1.eaf", "y/1.eaf"]),
        (["in/1.wav", "in/y/1.wav"], ["1.eaf", "y/1.eaf"]),
        (["../x/1.wav", "1.wav"], None),
        (["/x/1.wav", "/x/y/../1.wav"], ["1.wav.eaf", "1.wav-2.eaf"]),
        (["a.wav", "a.mp3"], ["a.wav.eaf", "a.mp3.eaf"]),
        (["a.wav", "a.wav"], ["a.wav.eaf", "a.wav-2.eaf"]),
        (["-"], ["-.eaf"]),
        (["ä" * 120 + ".wav"], ["ä" * 100 + ".eaf"]),
        ([], []),
    ],
)
def test_files_are_named_after_their_recordings(names, expected):
    found = named(*names)
    assert expected is None or found == expected
    assert len(set(found)) == len(names)
    assert not any(".." in Path(name).parts or Path(name).is_absolute() for name in found)


@pytest.mark.parametrize(("name", "suffix"), [("textgrid", ".TextGrid"), ("elan", ".eaf")])
def test_several_recordings_are_a_folder(tmp_path, name, suffix):
    write(name, [HOSTILE, QUIET, WINDOWS], tmp_path / "new/out", reject=0.0)
    found = {str(path.relative_to(tmp_path / "new/out")) for path in tmp_path.rglob("*" + suffix)}
    stem = Path(HOSTILE.recording).with_suffix("")
    assert found == {f"{stem}{suffix}", f"still{suffix}", f"windows{suffix}"}


@pytest.mark.parametrize("name", ["textgrid", "elan"])
def test_one_file_does_not_take_two_recordings(tmp_path, name):
    with pytest.raises(InputError, match="holds no more; got 2. Give --out a folder"):
        check(name, tmp_path / f"of{FORMATS[name]}", recordings=2)
    with pytest.raises(InputError, match="which exists. Choose another --out"):
        check(name, tmp_path, recordings=2)
    check(name, tmp_path / f"of{FORMATS[name]}", recordings=1)


@pytest.mark.parametrize("name", ["textgrid", "elan"])
def test_nothing_is_left_of_what_fails(tmp_path, name):
    broken = replace(WINDOWS, classes=())
    for out in (tmp_path / "folder", tmp_path / f"of{FORMATS[name]}"):
        with pytest.raises(IndexError):
            write(name, [broken], out, reject=0.0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "package"), PACKAGES.items())
def test_a_missing_package_is_said_before_the_work(tmp_path, monkeypatch, name, package):
    monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(
        InputError, match=rf"{package}, which .* pip install .mdat-keras\[formats\]"
    ):
        check(name, tmp_path / "out", recordings=1)


@pytest.mark.parametrize("name", PACKAGES)
def test_files_need_a_place(name):
    with pytest.raises(InputError, match=f"--format {name} is written into files, but --out is"):
        check(name, None, recordings=1)


@pytest.mark.parametrize(("name", "suffix"), FORMATS.items())
def test_the_end_of_a_name_tells_the_format(name, suffix):
    assert format_of(Path(f"x{suffix}")) == format_of(Path(f"x{suffix.upper()}")) == name
    check(name, Path(f"x{suffix}"), recordings=1)


def test_the_documentation_has_every_format():
    path = Path(__file__).parents[3] / "docs/prediction_formats.md"
    rows = [row.split("|") for row in path.read_text(encoding="utf-8").splitlines() if "| `" in row]
    told = {name.strip(" `"): end.split("`")[1].lower() for _, name, end, *_ in rows[1:]}
    assert told == FORMATS
