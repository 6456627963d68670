from dataclasses import replace
from pathlib import Path

import pytest

from mdat_data import InputError
from mdat_extract.asr.transcript_table import COLUMNS, Hearing, TranscriptLog

HEARING = Hearing(seconds="1.5000", language="ur", model="ear@1", audio_sha256="5" * 64)
HEARINGS = {"a": HEARING, "b": HEARING}


def open_log(path: Path, **changed: str) -> TranscriptLog:
    hearings = HEARINGS | {"b": replace(HEARING, **changed)}
    return TranscriptLog(path, hearings, known=["a", "b", "c"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A table with two transcripts."""
    log = open_log(tmp_path / "new" / "log.tsv")
    log.append("b", 'یہ "ہے"')
    log.append("a", "")
    return log.path


def test_a_line_is_there_as_soon_as_it_is_found(path: Path) -> None:
    rest = "1.5000\tur\tear@1\t" + "5" * 64
    assert path.read_text(encoding="utf-8").split("\n") == [
        "id\ttext\tseconds\tlanguage\tmodel\taudio_sha256",
        f'b\tیہ "ہے"\t{rest}',
        f"a\t\t{rest}",
        "",
    ]


def test_what_an_earlier_run_wrote_is_there_again(path: Path) -> None:
    assert open_log(path).texts == {"b": 'یہ "ہے"', "a": ""}


def test_lines_about_others_of_the_corpus_are_left_alone(path: Path) -> None:
    before = path.read_bytes()
    assert TranscriptLog(path, {"a": HEARING}, known=["a", "b"]).texts == {"a": ""}
    assert path.read_bytes() == before


@pytest.mark.parametrize("cut", [1, 2, 40, 80])
def test_a_line_that_was_cut_short_is_found_again(cut: int, path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    log = open_log(path)
    log.append("a", "") if cut > 1 else None
    assert ("a" in log.texts, path.read_bytes()) == (True, whole)


def test_a_line_that_was_cut_short_counts_as_missing(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])
    assert open_log(path).texts == {"b": 'یہ "ہے"'}


@pytest.mark.parametrize("size", [0, 1, len("\t".join(COLUMNS))])
def test_a_table_whose_first_line_was_cut_short_is_begun_anew(size: int, path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:size])
    log = open_log(path)
    assert log.texts == {}
    log.append("b", 'یہ "ہے"')
    log.append("a", "")
    assert path.read_bytes() == whole


def test_texts_may_be_corrected_by_hand(path: Path) -> None:
    corrected = path.read_text(encoding="utf-8").replace("a\t\t", "a\tکتاب\t").rstrip("\n")
    path.write_text("\ufeff" + corrected.replace("\n", "\r\n"), encoding="utf-8")
    assert open_log(path).texts == {"b": 'یہ "ہے"', "a": "کتاب"}


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        ({"model": "ear@2"}, "b: model ear@1 there, ear@2 here"),
        ({"language": "de"}, "b: language ur there, de here"),
        ({"seconds": "1.0000"}, "b: seconds 1.5000 there, 1.0000 here"),
        ({"audio_sha256": "6" * 64}, f"b: audio_sha256 {'5' * 64} there, {'6' * 64} here"),
    ],
)
def test_what_was_recognised_otherwise_is_refused(
    changed: dict[str, str], difference: str, path: Path
) -> None:
    with pytest.raises(InputError, match=f"otherwise:\n  {difference}\nRemove it or .*--transcr"):
        open_log(path, **changed)


def test_the_table_of_another_corpus_is_refused(path: Path) -> None:
    with pytest.raises(InputError, match="otherwise:\n  b: not in the corpus\nRemove it"):
        TranscriptLog(path, {"a": HEARING}, known=["a"])


def test_another_table_is_refused(path: Path) -> None:
    path.write_text("id\ttext\na\tcorrected\n")
    with pytest.raises(InputError, match="seconds, language, model and audio_sha256 is not in the"):
        open_log(path)
