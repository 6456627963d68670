"""An audformat database, audEERING's format for recordings with labels.

The table `segments` has emotion, probabilities and transcript of each segment, the table `files`
duration, emotion and probabilities of each recording, also of those without a segment. A column
`probability.<class>` holds the probabilities of a class.

Reference: https://audeering.github.io/audformat/
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mdat_data.printable import one_line
from mdat_data.process.output import whole_folder
from mdat_data.process.packages import require
from mdat_predict.formats.files import check_new
from mdat_predict.prediction import UNCERTAIN, Prediction, Segment

SCHEMES = {"probability": "float", "transcription": "str", "duration": "time"}
"""Column, or what its name begins with -> type; but for the emotions, which are names."""

RATER = "model"

_Rows = Mapping[Any, Mapping[str, Any]]
"""File, or file with begin and end of a segment -> value of each column that has one."""


def check(out: Path, *, recordings: int) -> None:
    """Refuse what `write` cannot write.

    Args:
        out: The folder of the database, which must be new.
        recordings: Number of recordings; any number is right.

    Raises:
        InputError: audformat is not installed, or something is at `out` already.
    """
    require("audformat", "writes audformat databases", extra="formats")
    check_new(out)


def write(predictions: Sequence[Prediction], out: Path, *, reject: float) -> None:
    """Write predictions as a database.

    Args:
        predictions: Of the same classes. A recording that is there twice is written once.
        out: The folder, as in `check`.
        reject: Lowest probability of an answer.

    Raises:
        InputError: As in `check`.
    """
    check(out, recordings=len(predictions))
    database = _database(predictions[0].classes if predictions else ())
    recordings = {one_line(of.recording): of for of in predictions}
    answers = [
        "emotion",
        *map("probability.{}".format, predictions[0].classes if predictions else ()),
    ]
    _add(database, "segments", [*answers, "transcription"], _segments(recordings, reject))
    _add(database, "files", ["duration", *answers], _files(recordings, reject))
    with whole_folder(out) as folder:
        database.save(str(folder))


def _database(classes: Sequence[str]) -> Any:
    import audformat

    database = audformat.Database(
        "predictions", source="mdat-keras", usage=audformat.define.Usage.OTHER
    )
    database.raters[RATER] = audformat.Rater(audformat.define.RaterType.MACHINE)
    labels = list(dict.fromkeys((*classes, UNCERTAIN)))
    database.schemes["emotion"] = audformat.Scheme("str", labels=labels)
    for name, kind in SCHEMES.items():
        database.schemes[name] = audformat.Scheme(kind)
    return database


def _add(database: Any, name: str, columns: Sequence[str], rows: _Rows) -> None:
    import audformat

    index = (
        audformat.segmented_index(*zip(*rows, strict=True))
        if name == "segments"
        else audformat.filewise_index(list(rows))
    )
    table = database[name] = audformat.Table(index)
    for column in columns:
        scheme = column.partition(".")[0]
        table[column] = audformat.Column(scheme_id=scheme, rater_id=RATER)
        table[column].set([row.get(column) for row in rows.values()])


def _segments(recordings: Mapping[str, Prediction], reject: float) -> _Rows:
    from pandas import Timedelta

    return {
        (name, Timedelta(seconds=segment.start), Timedelta(seconds=segment.end)): {
            **_answer(of, segment, reject),
            "transcription": segment.transcript,
        }
        for name, of in recordings.items()
        for segment in of.segments
    }


def _files(recordings: Mapping[str, Prediction], reject: float) -> _Rows:
    from pandas import Timedelta

    return {
        name: {
            "duration": Timedelta(seconds=of.duration),
            **_answer(of, of.summary(), reject),
        }
        for name, of in recordings.items()
    }


def _answer(of: Prediction, segment: Segment | None, reject: float) -> dict[str, Any]:
    """Emotion and probabilities of a segment, by column; nothing where there is none."""
    if segment is None:
        return {}
    shares = zip(of.classes, segment.probabilities, strict=True)
    return {
        "emotion": segment.emotion(of.classes, reject=reject),
        **{f"probability.{name}": probability for name, probability in shares},
    }
