from dataclasses import replace
from pathlib import Path

import pytest
from full_disk import full_disk

from mdat_data import InputError, Utterance
from mdat_extract.asr.transcript_table import COLUMNS, TranscriptOrigin, TranscriptTable
from mdat_extract.inputs.transcripts import read_transcripts

UTTERANCE = Utterance(id="a", audio=Path("a.wav"), speaker="s", group="s", language="ur")
ORIGIN = TranscriptOrigin(seconds="1.5000", language="ur", model="ear@1", audio_sha256="5" * 64)


def open_table(path: Path, **changed: str) -> TranscriptTable:
    origins = {"a": ORIGIN, "b": replace(ORIGIN, **changed)}
    return TranscriptTable.open(path, origins, known=["a", "b", "c"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A table with two transcripts."""
    table = open_table(tmp_path / "new" / "table.tsv")
    table.append("b", 'یہ "ہے"')
    table.append("a", "")
    return table.path


def test_a_transcript_is_written_at_once(path: Path) -> None:
    rest = "1.5000\tur\tear@1\t" + "5" * 64
    assert path.read_text(encoding="utf-8").split("\n") == [
        "id\ttext\tseconds\tlanguage\tmodel\taudio_sha256",
        f'b\tیہ "ہے"\t{rest}',
        f"a\t\t{rest}",
        "",
    ]


def test_transcripts_of_an_earlier_run_are_read(path: Path) -> None:
    assert open_table(path).texts == {"b": 'یہ "ہے"', "a": ""}


def test_lines_about_other_utterances_of_the_corpus_are_ignored(path: Path) -> None:
    before = path.read_bytes()
    assert TranscriptTable.open(path, {"a": ORIGIN}, known=["a", "b"]).texts == {"a": ""}
    assert path.read_bytes() == before


@pytest.mark.parametrize("cut", [1, 2, 40, 80])
def test_a_line_that_was_cut_short_is_repaired_or_written_again(cut: int, path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    table = open_table(path)
    assert ("a" in table.texts) == (cut == 1)
    if cut > 1:
        table.append("a", "")
    assert path.read_bytes() == whole


def test_a_line_that_was_cut_short_counts_as_missing(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])
    assert open_table(path).texts == {"b": 'یہ "ہے"'}


@pytest.mark.parametrize("size", [0, 1, len("\t".join(COLUMNS))])
def test_a_table_whose_first_line_was_cut_short_is_started_again(size: int, path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:size])
    table = open_table(path)
    assert table.texts == {}
    table.append("b", 'یہ "ہے"')
    table.append("a", "")
    assert path.read_bytes() == whole


def test_a_repair_that_fails_loses_nothing(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    before = path.read_bytes()
    with full_disk(len(before)), pytest.raises(OSError, match="File too large"):
        open_table(path)
    assert path.read_bytes() == before


def test_texts_may_be_corrected_by_hand(path: Path) -> None:
    corrected = path.read_text(encoding="utf-8").replace("a\t\t", "a\tکتاب\t").rstrip("\n")
    path.write_text("\ufeff" + corrected.replace("\n", "\r\n"), encoding="utf-8")
    assert open_table(path).texts == {"b": 'یہ "ہے"', "a": "کتاب"}


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        ({"model": "ear@2"}, "b: model ear@1 there, ear@2 here"),
        ({"language": "de"}, "b: language ur there, de here"),
        ({"seconds": "1.0000"}, "b: seconds 1.5000 there, 1.0000 here"),
        ({"audio_sha256": "6" * 64}, f"b: audio_sha256 {'5' * 64} there, {'6' * 64} here"),
    ],
)
def test_transcripts_of_another_origin_are_refused(
    changed: dict[str, str], difference: str, path: Path
) -> None:
    with pytest.raises(InputError, match=f"settings:\n  {difference}\nRemove it or .*--transcr"):
        open_table(path, **changed)


def test_the_table_of_another_corpus_is_refused(path: Path) -> None:
    with pytest.raises(InputError, match="settings:\n  b: not in the corpus\nRemove it"):
        TranscriptTable.open(path, {"a": ORIGIN}, known=["a"])


def test_another_table_is_refused(path: Path) -> None:
    path.write_text("id\ttext\na\tcorrected\n")
    with pytest.raises(InputError, match="first line lacks seconds, language, model, audio_sha256"):
        open_table(path)


@pytest.mark.parametrize(
    "id", ["a b", "a  b", "a\u00a0b", "Ré", '"a"', "'a'", "\\t", "=a", "غصہ 1"]
)
def test_ids_survive_the_way_to_the_disk_and_back(id: str, tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    TranscriptTable.open(path, {id: ORIGIN}, known=[id]).append(id, " Re\u0301 ")
    again = TranscriptTable.open(path, {id: ORIGIN}, known=[id])
    assert again.texts == {id: "R\u00e9"}
    assert read_transcripts(path, [replace(UTTERANCE, id=id)]) == again.texts


def test_a_recognised_text_is_used_as_it_will_be_read(tmp_path: Path) -> None:
    table = open_table(tmp_path / "table.tsv")
    table.append("a", " Re\u0301 ")
    assert table.texts == open_table(table.path).texts == {"a": "R\u00e9"}


@pytest.mark.parametrize("content", [b"id\ttext\na\tfirst\nb\tlast", b"\xff\xfei\x00d\x00\n\x00a"])
def test_a_file_of_another_kind_is_left_as_it_is(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    path.write_bytes(content)
    with pytest.raises(InputError, match="the first line lacks|it is in UTF-16"):
        open_table(path)
    assert path.read_bytes() == content
