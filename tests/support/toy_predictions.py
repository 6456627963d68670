"""Predictions of which every format must write all, names and texts of others included."""

from mdat_predict.prediction import Prediction, Segment

CLASSES = ('wütend <&> "so"', "null", "100 %")
QUIET = Prediction("still.wav", 2.0, CLASSES, ())
HOSTILE = Prediction(
    "in/Ge \"spräch' <&>,%.wav",
    7.25,
    CLASSES,
    (
        Segment(0.5, 2.0, (0.7, 0.2, 0.1), 'Er sagte: "Nö <&>".'),
        Segment(2.0, 3.1250625, (0.1, 0.2, 0.7)),
        Segment(5.0, 7.25, (0.3, 0.4, 0.3), "NA"),
    ),
)
WINDOWS = Prediction(
    "windows.wav",
    4.0,
    ("sad", "calm"),
    tuple(Segment(t, t + 2.0, (0.25 * t, 1 - 0.25 * t)) for t in (0.0, 1.0, 2.0)),
)
"""Windows of two seconds that overlap by one."""
