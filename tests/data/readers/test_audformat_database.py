import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from mdat_data import InputError, Utterance
from mdat_data.corpora import read_corpus

pytest.importorskip("audformat")

import audformat
import yaml
from toy_audformat import FILES, add, make_database, write


@pytest.fixture
def database() -> audformat.Database:
    return make_database()


@pytest.mark.parametrize("storage_format", ["parquet", "csv"])
def test_values(storage_format: str, database: audformat.Database, tmp_path: Path) -> None:
    corpus = read_corpus(str(write(database, tmp_path, storage_format)))
    assert (corpus.name, corpus.language, corpus.root) == ("toy", "de", tmp_path)
    assert corpus.left_out == {"no emotion": 1}
    assert corpus.utterances == tuple(
        Utterance(
            id=id,
            audio=tmp_path / id,
            transcript=transcript,
            emotion=emotion,
            speaker=speaker,
            group=speaker,
            language="de",
            sex={"03": "male", "08": "female"}[speaker],
        )
        for id, transcript, emotion, speaker in (
            (FILES[0], "Der Lappen liegt auf dem Eisschrank.", "angry", "03"),
            (FILES[1], "Sie haben es.", "neutral", "08"),
            (FILES[2], "", "boredom", "03"),
        )
    )


def test_the_sex_of_a_file_or_a_label_of_the_speaker_is_read(tmp_path: Path) -> None:
    database = make_database()
    database.schemes["speaker"] = audformat.Scheme(
        "str", labels={"03": {"gender": "female", "age": 30}, "08": {"age": 40}}
    )
    of_labels = read_corpus(str(write(database, tmp_path / "labels"))).utterances
    assert [u.sex for u in of_labels] == ["female", "", "female"]
    add(database, "files", "gender", None, ["male", "other", None, "male"])
    of_files = read_corpus(str(write(database, tmp_path / "files"))).utterances
    assert [u.sex for u in of_files] == ["male", "other", ""]


def test_a_database_without_sexes_is_read(tmp_path: Path) -> None:
    database = make_database()
    database.schemes["speaker"] = audformat.Scheme("str", labels=["03", "08"])
    assert {u.sex for u in read_corpus(str(write(database, tmp_path))).utterances} == {""}


def test_texts_languages_and_sessions_may_be_columns(
    database: audformat.Database, tmp_path: Path
) -> None:
    database.drop_tables("files")
    add(database, "files", "speaker", "speaker", ["03", "08", "03", "08"])
    add(database, "files", "text", None, ["ja", "sì", "", None])
    add(database, "files", "session", None, ["s1", "s2", None, None])
    add(database, "files", "language", None, ["de", "Italian", "deu", None])
    corpus = read_corpus(str(write(database, tmp_path)))
    assert corpus.language == "de,it"
    assert [(u.transcript, u.group, u.language) for u in corpus.utterances] == [
        ("ja", "s1", "de"),
        ("sì", "s2", "it"),
        ("", "03", "de"),
    ]


@pytest.mark.parametrize("languages", [[], ["deu", "ita"]])
def test_a_database_without_or_with_several_languages_is_undetermined(
    languages: list[str], database: audformat.Database, tmp_path: Path
) -> None:
    database.languages = languages
    assert read_corpus(str(write(database, tmp_path))).language == "und"


def test_transcripts_may_be_codes_of_a_scheme_of_another_name(
    database: audformat.Database, tmp_path: Path
) -> None:
    database.drop_tables("files")
    database.schemes["sentence"] = audformat.Scheme(labels={"x": "Es ist kalt."})
    add(database, "files", "speaker", "speaker", ["03", "08", "03", "08"])
    add(database, "files", "transcription", "sentence", ["x", None, "x", None])
    corpus = read_corpus(str(write(database, tmp_path)))
    assert [u.transcript for u in corpus.utterances] == ["Es ist kalt.", "", "Es ist kalt."]


def test_emotion_and_speaker_of_different_files_are_refused(
    database: audformat.Database, tmp_path: Path
) -> None:
    database["files"]["speaker"].set([None, None, None, "08"])
    with pytest.raises(InputError, match="expected files with emotion and speaker, but none has"):
        read_corpus(str(write(database, tmp_path)))


def test_a_speaker_may_be_missing(database: audformat.Database, tmp_path: Path) -> None:
    database["files"]["speaker"].set(["03", None, "03", "08"])
    corpus = read_corpus(str(write(database, tmp_path)))
    assert corpus.left_out == {"no emotion": 1, "no speaker": 1}


def test_recordings_may_be_in_another_folder(database: audformat.Database, tmp_path: Path) -> None:
    write(database, tmp_path / "db")
    (tmp_path / "db" / "wav").rename(tmp_path / "wav")
    assert read_corpus(str(tmp_path / "db"), tmp_path).utterances[0].audio == tmp_path / FILES[0]


def test_columns_that_differ_are_listed_and_the_option_selects_one(
    database: audformat.Database, tmp_path: Path
) -> None:
    add(database, "raters", "one", "emotion", ["anger", "boredom", None, None])
    folder = str(write(database, tmp_path))
    with pytest.raises(
        InputError,
        match=r"the columns emotion\.emotion, emotion\.test\.emotion, emotion\.train\.emotion, "
        r"raters\.one differ, first in wav/2\.wav: 'neutral' and 'boredom'\. .*--emotion-column",
    ):
        read_corpus(folder)
    chosen = read_corpus(folder, emotion_column="raters.one")
    assert [u.emotion for u in chosen.utterances] == ["angry", "boredom"]
    assert chosen.left_out == {"no emotion": 2}
    tested = read_corpus(folder, emotion_column="emotion.test.emotion")
    assert [u.id for u in tested.utterances] == ["wav/1.wav"]


def test_no_emotion_lists_the_columns(tmp_path: Path) -> None:
    database = audformat.Database("toy")
    add(database, "all", "feeling", None, ["anger"] * 4)
    add(database, "all", "speaker", None, ["1"] * 4)
    folder = str(write(database, tmp_path))
    with pytest.raises(InputError, match=r"columns are: all\.feeling, all\.speaker\. .*--emo"):
        read_corpus(folder)
    corpus = read_corpus(folder, emotion_column="all.feeling")
    assert (corpus.utterances[0].emotion, corpus.language) == ("angry", "und")


@pytest.mark.parametrize("column", ["nothing", "emotion", "emotion.none"])
def test_a_missing_column_is_refused(
    column: str, database: audformat.Database, tmp_path: Path
) -> None:
    folder = str(write(database, tmp_path))
    with pytest.raises(InputError, match=rf"a column {column} of .* are: emotion\.emotion, "):
        read_corpus(folder, emotion_column=column)


def test_no_speaker_is_refused(tmp_path: Path) -> None:
    database = audformat.Database("toy")
    add(database, "all", "emotion", None, ["anger"] * 4)
    with pytest.raises(InputError, match="a value in a column speaker of a table"):
        read_corpus(str(write(database, tmp_path)))


def test_segments_are_refused(tmp_path: Path) -> None:
    database = audformat.Database("toy")
    segments = audformat.segmented_index(["wav/1.wav"] * 2, ["0s", "1s"], ["1s", "2s"])
    database["turns"] = audformat.Table(segments)
    database["turns"]["emotion"] = audformat.Column()
    database["turns"]["emotion"].set(["anger", "neutral"])
    folder = str(write(database, tmp_path))
    with pytest.raises(InputError, match=r"turns\.emotion labels segments .*to_filewise_index"):
        read_corpus(folder)


def test_an_unknown_language_is_refused(database: audformat.Database, tmp_path: Path) -> None:
    add(database, "files", "language", None, ["Elvish"] * 4)
    with pytest.raises(InputError, match="languages by name or ISO 639 code, got 'Elvish'"):
        read_corpus(str(write(database, tmp_path)))


def test_missing_recordings_are_listed(database: audformat.Database, tmp_path: Path) -> None:
    (write(database, tmp_path) / FILES[1]).unlink()
    with pytest.raises(InputError, match=r"1 are missing: wav/2\.wav\. .*--root"):
        read_corpus(str(tmp_path))


def test_pickled_tables_are_refused(database: audformat.Database, tmp_path: Path) -> None:
    write(database, tmp_path, "pkl")
    with pytest.raises(InputError, match=r"db\.emotion\.pkl is a pickle file, which can run code"):
        read_corpus(str(tmp_path))


def test_a_tag_that_would_run_code_is_refused(database: audformat.Database, tmp_path: Path) -> None:
    folder, ran = write(database, tmp_path / "db"), tmp_path / "ran"
    with (folder / "db.yaml").open("a") as header:
        header.write(f"x: !!python/object/apply:os.mkdir ['{ran}']\n")
    with pytest.raises(InputError, match=r"db\.yaml: .* a tag !!python/ .*os\.mkdir.* Do not use"):
        read_corpus(folder)
    assert not ran.exists()


class Maker:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("name", ["sub/evil", "../evil", "..", "sub\\evil", "/evil", "a\tb"])
@pytest.mark.parametrize("kind", ["tables", "misc_tables"])
def test_a_table_whose_name_leads_out_of_the_folder_is_refused(
    name: str, kind: str, database: audformat.Database, tmp_path: Path
) -> None:
    folder, ran = write(database, tmp_path / "db"), tmp_path / "ran"
    header = folder / "db.yaml"
    content = yaml.safe_load(header.read_text())
    content[kind][name] = next(iter(content[kind].values()))
    header.write_text(yaml.safe_dump(content))
    pickled = folder / f"db.{name}.pkl"
    pickled.parent.mkdir(parents=True, exist_ok=True)
    pickled.write_bytes(pickle.dumps(Maker(ran)))
    with pytest.raises(InputError, match="would lead out of the folder"):
        read_corpus(folder)
    assert not ran.exists()


def test_a_pickle_beside_a_table_that_the_header_names_is_not_loaded(
    database: audformat.Database, tmp_path: Path
) -> None:
    folder, ran = write(database, tmp_path / "db"), tmp_path / "ran"
    (folder / "db.speaker.pkl").write_bytes(pickle.dumps(Maker(ran)))
    with pytest.raises(InputError, match=r"db\.speaker\.pkl is a pickle file"):
        read_corpus(folder)
    assert not ran.exists()


@pytest.mark.parametrize("path", ["../secret.wav", "wav/../../secret.wav", "{root}/secret.wav"])
def test_recordings_outside_of_the_folder_need_a_root_above_them(path: str, tmp_path: Path) -> None:
    path = path.format(root=tmp_path)
    database = audformat.Database("toy")
    add(database, "all", "emotion", None, ["anger"], (path,))
    add(database, "all", "speaker", None, ["1"], (path,))
    folder = write(database, tmp_path / "db")
    with pytest.raises(InputError, match=r"expected recordings under .*lead out of it.*--root"):
        read_corpus(folder)
    if Path(path).is_absolute():
        assert read_corpus(folder, tmp_path).utterances[0].audio == tmp_path / "secret.wav"


def test_words_are_compared_without_white_space_and_composed(tmp_path: Path) -> None:
    database = audformat.Database("toy")
    add(database, "all", "emotion", None, ["anger ", "anger", " ", "sad"])
    add(database, "all", "speaker", None, ["Rémi", "Re\u0301mi", "1", " Rémi"])
    corpus = read_corpus(write(database, tmp_path))
    assert [(u.emotion, u.speaker) for u in corpus.utterances] == [
        ("angry", "Rémi"),
        ("angry", "Rémi"),
        ("sad", "Rémi"),
    ]
    assert corpus.left_out == {"no emotion": 1}


@pytest.mark.parametrize("header", ["", "name: toy\n", "{", "- a\n"])
def test_a_damaged_header_is_refused(header: str, tmp_path: Path) -> None:
    (tmp_path / "db.yaml").write_text(header)
    with pytest.raises(InputError, match="expected an audformat database|a value in a column emo"):
        read_corpus(str(tmp_path))


def test_a_missing_package_is_named(
    database: audformat.Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> Any:
        return None

    folder = str(write(database, tmp_path))
    monkeypatch.setattr("mdat_data.process.packages.find_spec", absent)
    with pytest.raises(InputError, match=r'pip install "mdat-keras\[audformat\]"'):
        read_corpus(folder)


def test_the_option_is_for_databases_only(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--emotion-column with an audformat database.*'emodb'"):
        read_corpus("emodb", tmp_path, emotion_column="emotion.emotion")
