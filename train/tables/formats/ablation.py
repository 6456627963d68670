"""The table of `mdat-train --ablation` as Markdown."""

from collections.abc import Mapping

from mdat_data.metrics import RESAMPLES
from mdat_train.config import ABLATIONS, DISABLE, FULL
from mdat_train.evaluation.change import change_of
from mdat_train.runs.condition import SUPPORT, Condition
from mdat_train.runs.run import Run
from mdat_train.tables.formats.wording import change_text, result_text

BESIDE = (
    ", and all have the linear classifier beside the network, which hides a part of every change "
    "(--set linear=0 leaves it out)"
)


def ablation_table(runs: Mapping[int, Run]) -> str:
    """Make a table of ablated models, each compared with the full model.

    Args:
        runs: Number of a model -> the run of all its seeds; the full model is among them.

    Returns:
        Markdown: a row for each condition and model.
    """
    lines = [
        "| model | " + " | ".join(DISABLE) + " | parameters | tested on | shots | UA % "
        "| change to model 1 |",
        "|---:|" + ":-:|" * len(DISABLE) + "---:|---|---:|---|---|",
    ]
    for condition in runs[FULL].conditions():
        if condition.trained_on != SUPPORT:
            lines += [_line(number, run, runs[FULL], condition) for number, run in runs.items()]
    config = runs[FULL].config
    transductive = " (transductive)" if config.transductive else ""
    lines += [
        "",
        f"Preset {config.preset}, {config.epochs} epochs, {config.seeds} seeds, normalisation "
        f"{config.normalize}{transductive}. Residual and scaling of the attention are the same in "
        f"all models{BESIDE if config.has_linear else ''}. Mean ± standard deviation over seeds "
        f"and draws; 95 % intervals by bootstrap over speakers ({RESAMPLES} resamples). Changes "
        "are in points of UA.",
    ]
    return "\n".join(lines)


def _line(number: int, ablated: Run, full: Run, condition: Condition) -> str:
    used = ["" if name in ABLATIONS[number] else "✓" for name in DISABLE]
    change = "" if number == FULL else change_text(change_of(ablated, full, condition))
    cells = [
        str(number),
        *used,
        f"{ablated.parameters:,}",
        condition.tested_on,
        str(condition.shots),
        result_text(ablated.metrics_of(condition), digits=1),
        change,
    ]
    return f"| {' | '.join(cells)} |"
