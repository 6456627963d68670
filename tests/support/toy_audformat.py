"""A toy database of audformat, written by audformat itself, laid out as the published ones are."""

from pathlib import Path

import audformat
import pandas as pd
import toy_corpora

FILES = ("wav/1.wav", "wav/2.wav", "wav/3.wav", "wav/4.wav")
SENTENCES = {"a01": "Der Lappen liegt auf dem Eisschrank.", "b02": "Sie haben es."}


def make_database() -> audformat.Database:
    """Emotions of two splits and of all files, facts about files, and speakers with their sex."""
    database = audformat.Database("toy", languages=["deu"])
    database.schemes["emotion"] = audformat.Scheme(labels=["anger", "neutral", "boredom"])
    database.schemes["confidence"] = audformat.Scheme("float")
    database.schemes["transcription"] = audformat.Scheme(labels=SENTENCES)
    speakers = pd.Index(["03", "08"], name="speaker", dtype="string")
    database["speaker"] = audformat.MiscTable(speakers)
    database["speaker"]["sex"] = audformat.Column()
    database["speaker"]["sex"].set(["m", "f"])
    database.schemes["speaker"] = audformat.Scheme("str", labels="speaker")
    add(database, "emotion", "emotion", "emotion", ["anger", "neutral", "boredom", None])
    add(database, "emotion", "emotion.confidence", "confidence", [0.9, 1.0, 0.8, 1.0])
    add(database, "emotion.test", "emotion", "emotion", ["anger"], FILES[:1])
    add(database, "emotion.train", "emotion", "emotion", ["neutral", "boredom"], FILES[1:3])
    add(database, "files", "speaker", "speaker", ["03", "08", "03", "08"])
    add(database, "files", "transcription", "transcription", ["a01", "b02", None, "a01"])
    return database


def add(
    database: audformat.Database,
    table: str,
    column: str,
    scheme: str | None,
    values: list[object],
    files: tuple[str, ...] = FILES,
) -> None:
    """Add a column, and its table of files if it is not there yet."""
    if table not in database:
        database[table] = audformat.Table(audformat.filewise_index(list(files)))
    database[table][column] = audformat.Column(scheme_id=scheme)
    database[table][column].set(values)


def write(database: audformat.Database, folder: Path, storage_format: str = "parquet") -> Path:
    """Write a database, and a recording for each of its files."""
    for file in database.files:
        toy_corpora.write_wav(folder / file, "sad")
    database.save(str(folder), storage_format=storage_format)
    return folder
