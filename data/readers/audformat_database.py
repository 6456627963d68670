"""Databases in audformat, audEERING's format for recordings with labels.

Columns of file-wise tables are found by their own name or that of their scheme. Required are
`emotion` and `speaker`. Optional are `transcription` (or `transcript`, or `text`), `language`,
`session`, which becomes the group, and `sex` (or `gender`), which may also be a label of the
speakers. Several columns of one name, such as those of the tables of a split, are joined; their
values for the same file must be equal.

Reference: https://audeering.github.io/audformat/
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from os.path import normpath
from pathlib import Path
from typing import Any

from mdat_data.corpus import Corpus
from mdat_data.errors import InputError, listed
from mdat_data.process.packages import require
from mdat_data.readers.audformat_columns import TRANSCRIPT, AudformatColumns
from mdat_data.readers.audformat_header import HEADER, load_database
from mdat_data.utterance import Utterance, normalized

WORDS = {
    "anger": "angry",
    "excitement": "excited",
    "frustration": "frustrated",
    "happiness": "happy",
    "joy": "happy",
    "sadness": "sad",
}
"""Common nouns for emotions in this format -> our words. Other words are not changed."""


def is_audformat(path: Path) -> bool:
    """Return whether a path is the folder of a database."""
    return (path / HEADER).is_file()


def read_audformat(
    folder: Path, root: Path | None = None, *, emotion_column: str | None = None
) -> Corpus:
    """Read a database.

    Args:
        folder: The folder with `db.yaml` and the tables.
        root: The folder to which the paths of recordings are relative. Default: `folder`.
        emotion_column: The column of the emotions, as `<table>.<column>`. Default: found by name.

    Returns:
        The corpus, with the name of the database. Files without an emotion or a speaker are
        counted in `left_out`.

    Raises:
        InputError: The package audformat is not installed, the database cannot be read, columns
            are missing or differ, segments are labelled instead of files, or a recording is
            missing or outside `root`.
    """
    database = _load(folder)
    columns = AudformatColumns(database, folder)
    emotions, speakers = columns.emotions(emotion_column), columns.speakers()
    transcripts, sessions = columns.read(*TRANSCRIPT), columns.read("session")
    languages, sexes = columns.read("language"), columns.sexes(speakers)
    language = str(database.languages[0]) if len(database.languages) == 1 else ""
    root = folder if root is None else root
    _refuse_outside(database.files, root, folder)
    utterances: list[Utterance] = []
    left_out: Counter[str] = Counter()
    for file in database.files:
        if file not in emotions or file not in speakers:
            left_out["no emotion" if file not in emotions else "no speaker"] += 1
            continue
        utterances.append(
            Utterance(
                id=normalized(file),
                audio=root / file,
                transcript=transcripts.get(file, ""),
                emotion=WORDS.get(emotions[file], emotions[file]),
                speaker=speakers[file],
                group=sessions.get(file, speakers[file]),
                language=_code(languages.get(file, language)),
                sex=sexes.get(file, ""),
            )
        )
    if not utterances:
        raise InputError(f"{folder}: expected files with emotion and speaker, but none has both.")
    _refuse_absent(utterances, root, folder)
    return Corpus(
        name=str(database.name),
        language=",".join(sorted({utterance.language for utterance in utterances})),
        root=root,
        utterances=tuple(sorted(utterances, key=lambda utterance: utterance.id)),
        left_out=left_out,
    )


def _load(folder: Path) -> Any:
    require("audformat", f"reads {folder}", extra="audformat")
    return load_database(folder)


def _code(language: str) -> str:
    """Return the ISO 639-1 code of a language, or its 639-3 code where it has no other."""
    import audformat.utils
    import iso639

    if not language:
        return "und"
    try:
        code: str = audformat.utils.map_language(language)
    except ValueError as error:
        raise InputError(
            f"expected languages by name or ISO 639 code, got {language!r}. Correct the languages "
            "of the database."
        ) from error
    return iso639.Lang(code).pt1 or code


def _refuse_outside(files: Iterable[str], root: Path, folder: Path) -> None:
    """Refuse paths that a stranger's table could lead to other recordings of the user."""
    above = root.absolute()
    outside = [f for f in files if not Path(normpath(above / f)).is_relative_to(normpath(above))]
    if outside:
        raise InputError(
            f"{folder}: expected recordings under {root}, but {len(outside)} paths lead out of it: "
            f"{listed(outside)}. If they are yours, name a folder above all of them with --root; "
            "paths with .. must be written again, relative to that folder."
        )


def _refuse_absent(utterances: Sequence[Utterance], root: Path, folder: Path) -> None:
    absent = [utterance.id for utterance in utterances if not utterance.audio.is_file()]
    if absent:
        raise InputError(
            f"{folder}: expected recordings under {root}, but {len(absent)} are missing: "
            f"{listed(absent)}. Give their folder with --root."
        )
