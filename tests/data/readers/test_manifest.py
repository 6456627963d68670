from pathlib import Path

import pytest
from toy_corpora import write_wav

from mdat_data import InputError, Utterance
from mdat_data.readers.manifest import read_manifest

HEADER = "id,audio,emotion,speaker"


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    write_wav(tmp_path / "a.wav", "sad")
    write_wav(tmp_path / "more/b.wav", "sad")
    return tmp_path / "mine.csv"


def test_values(manifest: Path) -> None:
    manifest.write_text(
        f"{HEADER},transcript,language,group,sex,mood\n"
        '2,more/b.wav,calm,eva,"Sì, certo",it,monday,female,7\n'
        f"1,{manifest.parent / 'a.wav'},rage,max,,de,,,\n",
        encoding="utf-8",
    )
    corpus = read_manifest(manifest)
    assert (corpus.name, corpus.language, corpus.root) == ("mine", "de,it", manifest.parent)
    assert corpus.utterances == (
        Utterance(
            id="1",
            audio=manifest.parent / "a.wav",
            transcript="",
            emotion="rage",
            speaker="max",
            group="max",
            language="de",
        ),
        Utterance(
            id="2",
            audio=manifest.parent / "more/b.wav",
            transcript="Sì, certo",
            emotion="calm",
            speaker="eva",
            group="monday",
            language="it",
            sex="female",
        ),
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [("f", "female"), ("M", "male"), ("female", "female"), ("diverse", "diverse"), ("", "")],
)
def test_a_letter_stands_for_a_sex(written: str, read: str, manifest: Path) -> None:
    manifest.write_text(f"{HEADER},sex\n1,a.wav,sad,x,{written}\n")
    assert read_manifest(manifest).utterances[0].sex == read


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.csv", f"{HEADER}\n1,a.wav,sad,x\n"),
        ("m.csv", f"\ufeff{HEADER}\r\n1,a.wav,sad,x\r\n\r\n"),
        ("m.csv", "speaker, emotion, audio, id\nx, sad, a.wav, 1\n"),
        ("m.tsv", "id\taudio\temotion\tspeaker\n1\ta.wav\tsad\tx\n"),
    ],
)
def test_dialects_of_csv_are_read(name: str, text: str, manifest: Path) -> None:
    path = manifest.with_name(name)
    path.write_bytes(text.encode())
    assert read_manifest(path).utterances == (
        Utterance(
            id="1",
            audio=manifest.parent / "a.wav",
            emotion="sad",
            speaker="x",
            group="x",
            language="und",
        ),
    )


def test_paths_are_relative_to_the_root(manifest: Path) -> None:
    manifest.write_text(f"{HEADER}\n1,b.wav,sad,x\n", encoding="utf-8")
    corpus = read_manifest(manifest, manifest.parent / "more")
    assert corpus.utterances[0].audio == corpus.root / "b.wav" == manifest.parent / "more/b.wav"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the first line lacks id, audio, speaker; it is empty"),
        ("id,audio,mood\n1,a.wav,sad\n", "the first line lacks speaker; it is id, audio, mood"),
        (f"{HEADER}\n", "only the header"),
        (f"{HEADER}\n1,a.wav,sad,x\n\n1,a.wav,sad,x\n", "line 4: 1, as in line 2"),
        (
            f"{HEADER}\n1,,sad,x\n2,a.wav,sad, \n",
            "line 2: audio .*\n  line 3: speaker is empty",
        ),
        (
            f"{HEADER}\n1,a.wav,sad\n",
            "expected 4 values in each line.*\n  line 2: too few values: 3",
        ),
        (f"{HEADER}\n1,a.wav,sad,x,y\n", "line 2: too many values"),
        (f'{HEADER}\n1,"a"b.wav,sad,x\n', "expected a table, but its line 2 cannot be read"),
        (f'{HEADER}\n1,a.wav,sad,x\n2,"a.wav,sad,x\n', "its line 3 cannot be read"),
        (f"{HEADER}\n1,a.wav,caf\udce9,x\n", "expected a table in UTF-8, but"),
        (f"{HEADER}\n1,a.wav,sad,x\n2,c.wav,sad,x\n", "relative to .*\n  line 3: c.wav$"),
    ],
)
def test_faults_are_listed(text: str, message: str, manifest: Path) -> None:
    manifest.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(InputError, match=f"mine.csv: (?s:.*){message}"):
        read_manifest(manifest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,audio,speaker\n1,a.wav,x\n2,a.wav,y\n", [None, None]),
        (f"{HEADER}\n1,a.wav,,x\n2,a.wav,sad,y\n", [None, "sad"]),
        (f"{HEADER}\n1,a.wav, ,x\n2,a.wav,sad,y\n", [None, "sad"]),
    ],
)
def test_an_utterance_without_an_emotion_is_unlabelled(
    text: str, expected: list[str | None], manifest: Path
) -> None:
    manifest.write_text(text, encoding="utf-8")
    assert [utterance.emotion for utterance in read_manifest(manifest).utterances] == expected


def test_many_faults_are_counted(manifest: Path) -> None:
    rows = [f"{number},{number}.wav,sad,x" for number in range(13)]
    manifest.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    with pytest.raises(InputError, match=r"line 11: 9\.wav\n  and 3 more$"):
        read_manifest(manifest)


def test_a_missing_manifest_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no.csv: expected a table.*No such file"):
        read_manifest(tmp_path / "no.csv")
