"""The table of metrics that commands print."""

from collections.abc import Sequence
from dataclasses import dataclass

from mdat_data.metrics.bootstrap import Interval
from mdat_data.metrics.metrics import METRICS
from mdat_data.metrics.scores import NO_INTERVAL, RARE, Scores


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """A row of the table.

    Attributes:
        label: Name of the model.
        tested_on: What it was tested on, in a word.
        shots: Number of labelled utterances of each class that it was adapted to.
        scores: Its scores.
        note: What a reader must know of them; may be empty.
    """

    label: str
    tested_on: str
    shots: int
    scores: Scores
    note: str = ""


def metrics_table(rows: Sequence[TableRow]) -> list[str]:
    """Write metrics as a table, and below it what a reader must know of them.

    Args:
        rows: At least one.

    Returns:
        Lines of text.
    """
    width = max(len(row.label) for row in rows)
    results = [row.scores for row in rows]
    lines = [_header(width), *(_line(row, width) for row in rows)]
    lines.append(
        f"chance {100 * results[0].chance:.1f} %; mean ± standard deviation over seeds and draws; "
        "intervals by bootstrap over speakers"
    )
    redrawn = sum(r.interval.redrawn for r in results if r.interval)
    if redrawn:
        lines.append(f"{redrawn} resamples that lacked a class were drawn again")
    if any(r.no_interval == RARE for r in results):
        lines.append(f"{RARE}: {NO_INTERVAL}")
    undefined = sorted({c for r in results for m in r.per_run for c in m.undefined})
    if undefined:
        lines.append(f"without a test utterance, and not in the UA: {', '.join(undefined)}")
    return lines


def bounds(interval: Interval | None) -> str:
    """The ends of an interval in %; empty where there is none.

    Example:
        >>> bounds(Interval(low=0.5, high=1.0, redrawn=0))
        '[50.0, 100.0]'
    """
    if interval is None:
        return ""
    return f"[{100 * interval.low:4.1f}, {100 * interval.high:5.1f}]"


def _header(width: int) -> str:
    ua, *others = (f"{label} %".rjust(12) for label in METRICS.values())
    model, interval = "model".ljust(width), "95 % interval".ljust(15)
    return "  ".join([model, "test  ", "shots", ua, interval, *others])


def _line(row: TableRow, width: int) -> str:
    ua, *others = (
        f"{100 * metric.mean:5.1f} ± {100 * metric.std:4.1f}"
        for metric in map(row.scores.mean_std, METRICS)
    )
    interval = row.scores.no_interval or bounds(row.scores.interval)
    cells = [f"{row.label:{width}}", f"{row.tested_on:6}", f"{row.shots:5}", ua, f"{interval:15}"]
    return "  ".join([*cells, *others, row.note]).rstrip()
