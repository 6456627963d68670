"""Tables that people write: what is read, and what is refused with its line."""

import unicodedata
from pathlib import Path

import pytest
from toy_corpora import write_wav

from mdat_data import InputError
from mdat_data.readers.manifest import read_manifest
from mdat_data.readers.table import Row, read_table


def read(folder: Path, content: str | bytes, delimiter: str = "\t") -> list[Row]:
    path = folder / "table.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path, ["id", "text"], delimiter=delimiter)


def test_a_quotation_mark_between_tabs_is_a_character(tmp_path):
    rows = read(tmp_path, 'id\ttext\n1\t"no end\n2\t"all"\n3\tin "it\n\n4\t"\n')
    assert [row.cells["text"] for row in rows] == ['"no end', '"all"', 'in "it', '"']
    assert [row.line for row in rows] == [2, 3, 4, 6]


def test_cells_and_headers_are_stripped_and_composed(tmp_path):
    (row,) = read(tmp_path, "\ufeffid ,\u00a0te\u0301xt, text\r\n 1 ,x,  Re\u0301mi \t\r\n", ",")
    assert row.cells == {"id": "1", "téxt": "x", "text": "Rémi"}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('id,text\n1,a\n\n2,"one\ntwo"\n3,c\n', "line 4: a cell holds a line break"),
        ('id,text\n1,"a\n2,b\n3,c"\n', "line 2: a cell holds a line break"),
        ('id,text\n1,a\n2,"b\n3,c\n', "its line 3 cannot be read"),
        ('id,text\n1,"a\rb"\n', "line 2: a cell holds a line break"),
        ("id,text\n1,a,b\n2,b\n3\n", "line 2: too many values: 3\n  line 4: too few values: 1"),
        ("id,text,id\n1,a,2\n", "expected each column once, but the first line names id several"),
        ("id,text, text \n1,a,b\n", "names text several times"),
        ("id,text\n1,a\n2,\0\n", "line 3 holds a NUL byte"),
        ("id\ttext\n", "lacks id, text; it is id\ttext".replace("\t", r"\\t")),
        (b"id,text\n1,a\n2,caf\xe9\n", "line 3 holds the byte 0xE9, as text in Latin-1"),
        ("id,text\n1,é\n".encode("utf-16"), "UTF-8, but it is in UTF-16"),
        ("id,text\n1,é\n".encode("utf-16-be"), "line 1 holds a NUL byte, as text in UTF-16"),
        ("\ufeffid,text\n1,é\n".encode("utf-32-le"), "it is in UTF-32"),
    ],
)
def test_what_could_lose_rows_is_refused_with_its_line(content, named, tmp_path):
    with pytest.raises(InputError, match=named):
        read(tmp_path, content, ",")


def test_columns_without_a_name_may_repeat(tmp_path):
    (row,) = read(tmp_path, "id,text,,\n1,a,,\n", ",")
    assert (row.cells["id"], row.cells["text"]) == ("1", "a")


def test_rows_of_a_manifest_in_tabs_do_not_vanish(tmp_path):
    path = tmp_path / "m.tsv"
    lines = ["id\taudio\temotion\tspeaker\ttranscript"]
    for number in range(4):
        write_wav(tmp_path / f"{number}.wav", "sad")
        lines.append(f'{number}\t{number}.wav\tsad\ts\t"number {number}')
    path.write_text("\n".join(lines))
    assert [u.transcript for u in read_manifest(path).utterances] == [
        f'"number {number}' for number in range(4)
    ]


def test_spaces_and_composition_do_not_make_two_speakers(tmp_path):
    for name in ("1.wav", "2.wav"):
        write_wav(tmp_path / name, "sad")
    path = tmp_path / "m.csv"
    path.write_text(
        "id,audio,emotion,speaker\n1,1.wav,angry ,s\u00e9 \n 2,2.wav , angry,\u00a0se\u0301\n"
    )
    corpus = read_manifest(path)
    assert {(u.emotion, u.speaker, u.group) for u in corpus.utterances} == {("angry", "sé", "sé")}
    assert [u.id for u in corpus.utterances] == ["1", "2"]


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("in_table", ["NFC", "NFD"])
def test_a_recording_is_found_in_either_composition_of_its_name(on_disk, in_table, tmp_path):
    name = unicodedata.normalize(on_disk, "é.wav")
    write_wav(tmp_path / name, "sad")
    path = tmp_path / "m.csv"
    cell = unicodedata.normalize(in_table, "é.wav")
    path.write_text(f"id,audio,emotion,speaker\n1,{cell},sad,s\n", encoding="utf-8")
    assert read_manifest(path).utterances[0].audio == tmp_path / name


@pytest.mark.parametrize(
    "line", ["a\tb,a.wav,sad,s", "1,a.wav,\x1b[31msad,s", "1,a.wav,sad,s\x07", "1,a.wav,s\u2028d,s"]
)
def test_control_characters_in_names_are_refused_at_reading(line, tmp_path):
    write_wav(tmp_path / "a.wav", "sad")
    path = tmp_path / "m.csv"
    path.write_text(f"id,audio,emotion,speaker\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="names without tabs, line breaks .* Correct them") as got:
        read_manifest(path)
    assert str(got.value).isprintable()


def test_a_device_is_no_table():
    with pytest.raises(InputError, match="expected a table, but got a device, which has no end"):
        read_table(Path("/dev/zero"), ("id",), delimiter="\t")
