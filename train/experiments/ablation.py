"""The ablations of MDAT: Table VI of the paper, on the same splits and seeds."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace

from mdat_data import InputError
from mdat_data.metrics import Interval, ua_interval
from mdat_train.config import ABLATIONS, DISABLE, TrainConfig
from mdat_train.experiments.experiment import Progress
from mdat_train.experiments.pipeline import as_json, run
from mdat_train.inputs.loading import Material
from mdat_train.runs.folder import read_run
from mdat_train.runs.run import Condition, Result, Run

FULL = 1
"""The model that the others are compared with."""

TABLE = "ablation.md"


def run_ablations(
    material: Material,
    numbers: Sequence[int],
    progress: Callable[[TrainConfig], AbstractContextManager[Progress]],
) -> dict[int, Run]:
    """Train and test some of the seven models, each in a folder of its own, and write their table.

    A model whose folder is there already is taken over from it.

    Args:
        material: Of the full model; its configuration's `out` holds the folders and the table.
        numbers: Of the models, keys of `ABLATIONS`.
        progress: Opens the display of one model's trainings.

    Returns:
        The runs by number, the full model always among them.

    Raises:
        InputError: A model cannot be trained, or its folder holds another run.
    """
    out = material.config.out
    runs = {}
    for number in sorted({FULL, *numbers}):
        folder = out / f"model_{number}"
        config = replace(material.config, disable=ABLATIONS[number], out=folder)
        if folder.exists():
            runs[number] = read_run(folder)
            if runs[number].config != as_json(asdict(config)) or (
                runs[number].provenance != material.provenance
            ):
                raise InputError(
                    f"{folder} holds a run of other options or other features files. Choose "
                    "another --out, or remove it."
                )
        else:
            with progress(config) as shown:
                runs[number] = run(replace(material, config=config), shown)
    temporary = out / f"{TABLE}.tmp"
    temporary.write_text(ablation_table(runs) + "\n", encoding="utf-8")
    temporary.replace(out / TABLE)
    return runs


def ablation_table(runs: Mapping[int, Run]) -> str:
    """The table of the ablations, as Markdown.

    Args:
        runs: By number, the full model among them.
    """
    lines = [
        "| model | " + " | ".join(DISABLE) + " | parameters | tested on | shots | UA % "
        "| difference to model 1 |",
        "|---:|" + ":-:|" * len(DISABLE) + "---:|---|---:|---|---|",
    ]
    for condition in _own_conditions(runs[FULL]):
        for number, ablated in runs.items():
            lines.append(_line(number, ablated, runs[FULL], condition))
    config = runs[FULL].config
    lines += [
        "",
        f"Preset {config['preset']}, {config['epochs']} epochs, {config['seeds']} seeds, "
        f"normalisation {config['normalize']}"
        f"{' (transductive)' if config['normalize'] == 'corpus' else ''}; residual and scaling of "
        "the attention are the same in all models. Mean ± standard deviation over seeds and "
        "draws; 95 % intervals by bootstrap over speakers.",
    ]
    return "\n".join(lines)


def _own_conditions(full: Run) -> list[Condition]:
    """Those of the model itself, without the controls of k-shot."""
    return [c for c in full.conditions() if c.system == full.config["model"]]


def _line(number: int, ablated: Run, full: Run, condition: Condition) -> str:
    used = ["" if name in ABLATIONS[number] else "✓" for name in DISABLE]
    result, of_full = (
        Result.of(condition, run.of(condition), run.classes) for run in (ablated, full)
    )
    mean, deviation = result.mean_and_deviation("ua")
    cells = [
        str(number),
        *used,
        f"{ablated.parameters:,}",
        condition.test,
        str(condition.shots),
        f"{100 * mean:.1f} ± {100 * deviation:.1f}{_interval(result.interval)}",
    ]
    if number != FULL:
        interval = ua_interval(
            [p.tested for p in ablated.of(condition)],
            classes=len(full.classes),
            seed=0,
            against=[p.tested for p in full.of(condition)],
        )
        difference = 100 * (mean - of_full.mean_and_deviation("ua")[0])
        cells.append(f"{difference:+.1f}{_interval(interval, '+')}")
    else:
        cells.append("")
    return f"| {' | '.join(cells)} |"


def _interval(interval: Interval | None, sign: str = "") -> str:
    if interval is None:
        return ""
    return f" [{100 * interval.low:{sign}.1f}, {100 * interval.high:{sign}.1f}]"
