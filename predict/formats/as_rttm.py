"""RTTM, the format of diarisation: a line of ten fields for each segment, divided by blanks.

| field | |
|---|---|
| 1 | `SPEAKER`, the type of line that all tools read |
| 2 | the recording |
| 3 | `1`, the channel |
| 4, 5 | beginning and duration in seconds |
| 6, 7, 10 | `<NA>` |
| 8 | the emotion, in the place of the speaker |
| 9 | its probability; of an uncertain segment the highest |

In names, white space, `%` and control characters are percent-encoded as in URLs, because blanks
divide the fields. A recording without segments has no line.

Reference: https://github.com/nryant/dscore#rttm
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

from mdat_data.printable import UNPRINTABLE
from mdat_predict.prediction import Prediction, Segment

APART = re.compile(rf"[\s%]|{UNPRINTABLE.pattern}")


def text(predictions: Sequence[Prediction], *, reject: float) -> str:
    """Write predictions as RTTM.

    Args:
        predictions: The predictions.
        reject: Lowest probability of an answer.

    Returns:
        The lines; those of a recording are together.
    """
    return "".join(
        _line(of, segment, reject=reject) for of in predictions for segment in of.segments
    )


def _line(of: Prediction, segment: Segment, *, reject: float) -> str:
    start, end = round(segment.start, 3), round(segment.end, 3)
    answer = _word(segment.emotion(of.classes, reject=reject))
    return (
        f"SPEAKER {_word(of.recording)} 1 {start:.3f} {end - start:.3f} <NA> <NA> {answer} "
        f"{max(segment.probabilities):.3f} <NA>\n"
    )


def _word(name: str) -> str:
    """A name as one field."""
    return APART.sub(lambda found: quote(found[0], safe="", errors="surrogatepass"), name)
