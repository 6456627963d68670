"""Praat TextGrids, one for each recording.

There is a tier for the emotions, one for all probabilities and, where anything is known of what is
said, one for the transcripts. Intervals of one tier cannot overlap: where segments do, those that
do not fit are in further tiers, `emotion 2` and so on.

Reference: https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html
"""

from collections.abc import Sequence
from pathlib import Path

from mdat_data.process.packages import require
from mdat_predict.formats.files import check_files, write_files
from mdat_predict.formats.tiers import EMOTION, annotated, tier_name
from mdat_predict.prediction import Prediction

SUFFIX = ".TextGrid"


def check(out: Path, *, recordings: int) -> None:
    """Refuse what `write` cannot write.

    Args:
        out: A file that ends in `.TextGrid`, for one recording, or a new folder.
        recordings: Number of recordings.

    Raises:
        InputError: praatio is not installed, or `out` cannot take all recordings.
    """
    require("praatio", "writes TextGrids", extra="formats")
    check_files(out, SUFFIX, recordings=recordings)


def write(predictions: Sequence[Prediction], out: Path, *, reject: float) -> None:
    """Write predictions as TextGrids.

    Args:
        predictions: The predictions.
        out: The file or folder, as in `check`.
        reject: Lowest probability of an answer.

    Raises:
        InputError: As in `check`.
    """
    check(out, recordings=len(predictions))
    write_files(predictions, out, SUFFIX, lambda of, path: _save(of, path, reject))


def _save(of: Prediction, path: Path, reject: float) -> None:
    from praatio.data_classes.interval_tier import IntervalTier
    from praatio.data_classes.textgrid import Textgrid

    end = max([of.duration, *(segment.end for segment in of.segments)])
    grid = Textgrid(0, end)
    for number, track in enumerate(annotated(of, reject=reject)):
        intervals: dict[str, list[tuple[float, float, str]]] = {EMOTION: []}
        for each in track:
            for tier, text in each.texts.items():
                intervals.setdefault(tier, []).append((each.start, each.end, text))
        for tier, entries in intervals.items():
            grid.addTier(IntervalTier(tier_name(tier, number), entries, 0, end))
    grid.save(str(path), "long_textgrid", includeBlankSpaces=True)
