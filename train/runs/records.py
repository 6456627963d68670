"""The configuration and the metrics of a run as JSON holds them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from mdat_data import InputError
from mdat_data.metrics import METRICS
from mdat_train.adaptation import OF_PAPER
from mdat_train.config import ADDED, TrainConfig
from mdat_train.runs.run import ConditionMetrics

EARLIER = ADDED | {"adaptation": OF_PAPER}
"""Field that runs of earlier versions may lack -> what they did."""


def config_from_json(values: Mapping[str, Any]) -> TrainConfig:
    """Read a configuration as a run folder holds it.

    A field that it lacks has its default, or what the runs of earlier versions did.

    Args:
        values: The fields as JSON holds them, with lists for tuples and text for paths.

    Returns:
        The configuration.

    Raises:
        InputError: A field is unknown, as a newer version of the package wrote it.
    """
    known = {field.name for field in fields(TrainConfig)}
    if unknown := sorted(set(values) - known):
        raise InputError(
            f"config.json must have fields of this version; got {', '.join(unknown)}, which "
            "a newer version wrote. Update mdat-keras."
        )
    read = {name: _tuples(value) for name, value in values.items()}
    read["source"] = tuple(map(Path, read["source"]))
    for name in ("target", "out"):
        if read.get(name) is not None:
            read[name] = Path(read[name])
    config = object.__new__(TrainConfig)  # unchecked: the run exists, whatever is refused today
    for field in fields(TrainConfig):
        absent = EARLIER.get(field.name, field.default)
        object.__setattr__(config, field.name, read.get(field.name, absent))
    return config


def _tuples(value: Any) -> Any:
    """The lists of JSON as tuples."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def write_json(path: Path, value: Any) -> None:
    """Write a file of JSON for people and programs."""
    text = json.dumps(value, indent=1, ensure_ascii=False, default=str)  # paths become text
    path.write_text(text + "\n", encoding="utf-8")


def metrics_record(metrics: ConditionMetrics) -> dict[str, Any]:
    """The metrics of a condition as JSON holds them."""
    return asdict(metrics.condition) | {
        "runs": len(metrics.per_run),
        **{name: asdict(metrics.mean_std(name)) for name in METRICS},
        "ua_interval_95": asdict(metrics.interval) if metrics.interval else None,
        "speakers": metrics.speakers,
        "chance": metrics.chance,
        "undefined_classes": sorted({c for m in metrics.per_run for c in m.undefined}),
        "per_run": [asdict(m) for m in metrics.per_run],
    }
