"""The table of metrics that commands print."""

import numpy as np

from mdat_data.metrics import Scores
from mdat_data.metrics.table import TableRow, bounds, metrics_table

TRUTH = np.array([0, 0, 1, 1])


def row(label: str, said: list[int], speakers: str, **more: str) -> TableRow:
    scores = Scores.of([(TRUTH, np.array(said), tuple(speakers))], ("sad", "calm", "x"), seed=0)
    return TableRow(label=label, tested_on="query", shots=5, scores=scores, **more)


def test_numbers_stand_below_their_names():
    header, first, second, *notes = metrics_table(
        [row("linear", [0, 0, 1, 1], "abab"), row("x", [0, 0, 1, 0], "aaaa", note="transductive")]
    )
    assert " ".join(header.split()) == "model test shots UA % 95 % interval WA % macro-F1 %"
    assert first.split()[:8] == ["linear", "query", "5", "100.0", "±", "0.0", "[100.0,", "100.0]"]
    assert "one speaker" in second
    assert second.endswith("transductive")
    assert second.index("75.0") == first.index("100.0") + 1
    assert notes[0].startswith("chance 33.3 %")
    assert notes[-1] == "without a test utterance, and not in the UA: x"


def test_a_missing_interval_leaves_no_brackets():
    assert bounds(None) == ""
