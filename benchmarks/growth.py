"""How time and memory of training grow with utterances and with frames, as a figure.

    python benchmarks/growth.py --out growth.png

mdat-train on random features of the width of XLS-R and XLM-R. Each training has a process of its
own. Time is that of the processor, of all threads together.
"""

import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click
from matplotlib.figure import Figure
from reading import write
from runs import Training
from worker import Worker

UTTERANCES, FRAMES = 160, 128
"""Of the factor 1. A training set of fewer utterances is passed through twice in an epoch."""

LINES: dict[str, tuple[tuple[int, int], ...]] = {
    "utterances, in memory": ((1, 1), (3, 1), (10, 1)),
    "utterances, read from the file": ((1, 1), (3, 1), (10, 1)),
    "frames": ((1, 1), (1, 2), (1, 4)),
}
"""Line -> factors of the number of utterances and of the number of frames."""

Points = dict[int, tuple[float, float]]
"""Factor -> seconds per epoch and peak memory in MiB."""


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default="growth.png", show_default=True)
def main(out: Path) -> None:
    """Print how time and memory grow, and draw a figure."""
    lines = {name: points(name) for name in LINES}
    for name, of_line in lines.items():
        first, memory = of_line[1]
        for factor, (seconds, peak) in of_line.items():
            click.echo(
                f"{name:31} × {factor:2}: {seconds:6.2f} s, × {seconds / first:5.2f};"
                f" {peak:5.0f} MiB, × {peak / memory:.2f}"
            )
    draw(lines).savefig(out, dpi=150)


def points(name: str) -> Points:
    """Measure one line."""
    return {
        utterances * frames: measured(
            UTTERANCES * utterances, FRAMES * frames, memory=0 if name.endswith("file") else 8
        )
        for utterances, frames in LINES[name]
    }


def measured(utterances: int, frames: int, *, memory: float) -> tuple[float, float]:
    """Seconds of the processor per epoch, and peak memory in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "features.h5"
        write(path, [frames] * utterances)
        options = {"memory": memory, "clock": time.process_time, "preset": "wide"}
        with Worker(partial(Training, path, **options)) as training:
            seconds, _ = training("epoch")
            return seconds, training.peak


def draw(lines: Mapping[str, Points]) -> Figure:
    """Draw time and memory over the factor, both as factors; the dashed line is proportional."""
    figure = Figure(figsize=(9, 4))
    panels = figure.subplots(1, 2)
    for axes, kind, title in zip(panels, (0, 1), ("time of an epoch", "peak memory"), strict=True):
        for name, of_line in lines.items():
            grown = [of_line[factor][kind] / of_line[1][kind] for factor in of_line]
            axes.plot(list(of_line), grown, marker="o", label=name)
        axes.plot((1, 10), (1, 10), color="grey", linestyle="--", linewidth=1, label="proportional")
        axes.set(
            xscale="log", yscale="log", xlabel="factor of the size", title=f"factor of the {title}"
        )
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_ticks((1, 2, 4, 10), ("1", "2", "4", "10"))
            axis.set_ticks((), minor=True)
        axes.set_ylim(0.8, 16)
    panels[0].legend(frameon=False)
    figure.set_layout_engine("tight")
    return figure


if __name__ == "__main__":
    main()
