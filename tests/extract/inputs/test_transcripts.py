from pathlib import Path

import pytest

from mdat_data import InputError, Utterance
from mdat_extract.inputs.transcripts import read_transcripts

UTTERANCES = [
    Utterance(
        id=id,
        audio=Path("a.wav"),
        transcript="old",
        emotion="sad",
        speaker="1",
        group="1",
        language="ur",
    )
    for id in ("a", "b")
]


def table(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_texts_are_read_as_they_are(tmp_path: Path) -> None:
    path = table(tmp_path / "t.tsv", 'id\ttext\nb\t"یہ" ہے \na\t\n')
    assert read_transcripts(path, UTTERANCES) == {"b": '"یہ" ہے', "a": ""}


def test_other_columns_and_a_byte_order_mark_are_ignored(tmp_path: Path) -> None:
    path = table(tmp_path / "t.tsv", "\ufefftext\tscore\tid\nnew\t0.5\ta\n")
    assert read_transcripts(path, UTTERANCES) == {"a": "new"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id\ttext\nx\tnew\n", r"expected ids of the corpus, such as 'a', got 1 unknown ids: x\."),
        ("id\ttext\na\t1\na\t2\n", "each id once"),
        (
            "id,text\na,new\n",
            "columns id, text, separated by tabs, but the first line lacks id, text",
        ),
        ("", "columns id, text"),
        ("id\ttext\na\n", "line 2: too few values: 1"),
        ("id\ttext\na\tone\ttwo\n", "line 2: too many values: 3"),
        ("id\ttext\ttext\na\t1\t2\n", "names text several times"),
        ("id\ttext\na\t1\n a \t2\n", "each id once, got 1 ids several times: a. Remove"),
    ],
)
def test_a_wrong_table_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read_transcripts(table(tmp_path / "t.tsv", text), UTTERANCES)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_transcripts(tmp_path / "absent.tsv", UTTERANCES)


def test_quotation_marks_open_nothing(tmp_path: Path) -> None:
    path = table(tmp_path / "t.tsv", 'id\ttext\na\t"one\nb\ttwo"\n')
    assert read_transcripts(path, UTTERANCES) == {"a": '"one', "b": 'two"'}
