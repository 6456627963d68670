import re
from pathlib import Path

import layouts
import pytest
from click.testing import CliRunner, Result
from missing_packages import HEAVY, call_without

from mdat_data.cli.corpora import main
from mdat_data.corpora import names


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of corpora, with the first ten files of ravdess."""
    files = layouts.read_layout(layouts.TOYS / "ravdess.tsv")
    layouts.make_files(tmp_path / "ravdess", files)
    monkeypatch.setenv("MDAT_CORPORA", str(tmp_path))
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("arguments", [[], ["list"]])
def test_all_corpora_are_listed(here: Path, arguments: list[str]) -> None:
    result = call(*arguments)
    lines = result.stdout.splitlines()
    assert (result.exit_code, len(lines)) == (0, 1 + 3 * len(names()))
    assert [line.split()[0] for line in lines[1::3]] == list(names())
    row = lines.index(next(line for line in lines if line.startswith("ravdess ")))
    assert lines[row].split(maxsplit=7) == [
        *("ravdess", "en", "1.5", "24", "10", "of", "1440"),
        "Creative Commons BY-NC-SA 4.0",
    ]
    assert lines[row + 1].split(", ")[0].strip() == "angry"
    assert lines[row + 2].strip() == "https://zenodo.org/record/1188976"


def test_what_is_not_here_is_said(here: Path) -> None:
    (here / "cafe").mkdir()
    rows = {line.split()[0]: line for line in call().stdout.splitlines()}
    assert "  none of 936  " in rows["cafe"]
    assert "  no  " in rows["tess"]
    assert not (here / "demo-de").exists()  # looking makes no demo corpus


@pytest.mark.parametrize("name", names())
def test_every_corpus_is_shown_with_its_documentation(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MDAT_CORPORA", str(tmp_path))
    shown = call("show", name).stdout
    for heading in ("Origin", "Obtain", "Licence", "Layout", "Oddities", "Citation"):
        assert f"\n{heading}: " in shown
    assert f"Its folder is {tmp_path / name}, unless --root names another one; here: no." in shown


def test_a_folder_is_compared_with_the_corpus(here: Path) -> None:
    (here / "ravdess/song.wav").touch()
    result = call("check", "ravdess")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"ravdess in {here / 'ravdess'}: 10 recordings of 1 speakers",
        "  emotions: calm 6, neutral 4",
        "  sexes: male 10",
        "  intensities: normal 8, strong 2",
        "  sentences: 2",
        "  transcripts: 10",
        "  left out: 1 (file name is not of the corpus)",
        "  expected 1440 recordings, got 10: 1430 are missing",
        "  expected 24 speakers, got 1: 23 are missing",
        "  expected recordings of angry, disgust, fear, happy, sad, surprise, got none",
    ]


def test_a_complete_corpus_lacks_nothing(tmp_path: Path) -> None:
    for speaker in range(1, 6):
        for emotion in "ans":
            for word in ("nie", "oddaj", "podaj", "stop", "tak", "trzymaj"):
                for take in range(1, 6):
                    (tmp_path / f"m{speaker}.{emotion}_{word}_{take}.wav").touch()
    result = call("check", "polish", "--root", str(tmp_path))
    assert result.exit_code == 0
    assert result.stdout.endswith("  nothing is missing\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "ravdes"], "expected the name of a corpus, got 'ravdes'. Choose one of aesdd, "),
        (["check", "ravdes"], "expected the name of a corpus, got 'ravdes'"),
        (["check", "tess"], "expected the recordings of tess in .*Obtain: "),
    ],
)
def test_errors_give_the_way_out(here: Path, arguments: list[str], message: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert re.search(message, result.stderr, re.DOTALL)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["list"], ["show", "tess"]])
def test_nothing_heavy_is_needed(arguments: list[str]) -> None:
    done = call_without(HEAVY, "mdat_data.cli.corpora", arguments)
    assert (done.returncode, done.stderr) == (0, "")
