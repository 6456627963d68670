"""CSV: a row for each segment."""

import csv
import io
from collections.abc import Sequence

from mdat_data.spreadsheet import as_cell
from mdat_predict.prediction import Prediction


def text(predictions: Sequence[Prediction], *, reject: float) -> str:
    """Write predictions as CSV, with a column for the probability of each class.

    Args:
        predictions: Of the same classes.
        reject: Lowest probability of an answer.

    Returns:
        The lines; only the header where nothing was predicted.
    """
    classes = predictions[0].classes if predictions else ()
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    head = ["recording", "start", "end", "emotion", *classes, "transcript"]
    writer.writerow(map(as_cell, head))
    for of in predictions:
        for segment in of.segments:
            times = (f"{segment.start:.3f}", f"{segment.end:.3f}")
            answer = segment.emotion(classes, reject=reject)
            shares = (f"{probability:.6f}" for probability in segment.probabilities)
            said = as_cell(segment.transcript)
            writer.writerow([as_cell(of.recording), *times, as_cell(answer), *shares, said])
    return file.getvalue()
