"""Praat TextGrids, one for each recording.

There is a tier for the emotions, one for all probabilities and, where anything is known of what is
said, one for the transcripts. Intervals of one tier cannot overlap: where segments do, those that
do not fit are in further tiers, `emotion 2` and so on.

Reference: https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html
"""

from pathlib import Path

from mdat_predict.formats.files import FileOfEach
from mdat_predict.formats.tiers import EMOTION, annotated, tier_name
from mdat_predict.prediction import Prediction


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


_FORMAT = FileOfEach(suffix=".TextGrid", package="praatio", purpose="writes TextGrids", save=_save)
check, write = _FORMAT.check, _FORMAT.write
