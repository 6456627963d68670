"""The options of the runs behind a table, in a sentence."""

from collections.abc import Sequence
from typing import Any

from mdat_train.runs.labels import system_label
from mdat_train.tables.plan.study import Outcomes

OPTIONS = ("preset", "speech_layer", "normalize", "merge")
OF_NETWORKS = ("epochs", "patience", "batch_size", "learning_rate")
OF_ADAPTATION = ("adapt_epochs", "adapt_learning_rate")
WITHOUT_EPOCHS = ("linear", "svm")


def settings(used: Outcomes) -> str:
    """Seeds, draws and options; an option that differs is told for each system."""
    predictions = [p for outcome in used.values() for p in outcome.run.predictions]
    draws = {p.draw for p in predictions} - {None}
    networks = {s: o for s, o in used.items() if s.model not in WITHOUT_EPOCHS}
    said = [f"seeds {len({p.seed for p in predictions})}"]
    said += [f"draws of clips {len(draws)}"] if draws else []
    said += [_option(name, used) for name in OPTIONS]
    said += [_option(name, networks) for name in OF_NETWORKS]
    said += [_option(name, networks) for name in OF_ADAPTATION if draws]
    return f"Options: {'; '.join(filter(None, said))}."


def _option(name: str, used: Outcomes) -> str:
    """An option with its value, or its values with the systems that had them."""
    values: dict[str, dict[str, None]] = {}
    for study, outcome in used.items():
        if value := _text(outcome.run.config.get(name)):
            values.setdefault(value, {})[system_label(study.model)] = None
    word = name.replace("_", " ")
    if len(values) <= 1:
        return "".join(f"{word} {value}" for value in values)
    of_systems = (f"{value} ({'; '.join(systems)})" for value, systems in values.items())
    return f"{word} {', '.join(of_systems)}"


def _text(value: Any) -> str:
    """A value as the command line has it; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(v if isinstance(v, str) else "=".join(map(str, v)) for v in value)
    return str(value)
