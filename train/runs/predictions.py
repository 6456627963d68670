"""The predictions of a run: truth and class probabilities of every test utterance."""

import csv
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from mdat_data.data_frame import data_frame
from mdat_data.metrics import Tested
from mdat_data.spreadsheet import as_cell, from_cell
from mdat_train.runs.condition import ADAPTED, QUERY, SOURCE, SUPPORT, Condition

if TYPE_CHECKING:
    import pandas

KEYS = ("model", "trained_on", "tested_on", "shots", "seed", "draw")
COLUMNS = (*KEYS, "id", "speaker", "truth", "predicted")
FIRST_RELEASE = ("system", "test")
"""Columns of tables of version 0.1 that name the condition."""

PROBABILITY = "p_"
"""What the names of the columns with the probabilities of the classes begin with."""


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """Predictions of one condition with one seed and, in k-shot, one draw.

    Attributes:
        condition: What was trained and tested.
        seed: Seed of the training and, within a corpus, of the folds.
        draw: Number of the draw of the support set in k-shot; None elsewhere.
        ids: Ids of the N test utterances.
        speakers: Speakers of the N test utterances.
        truth: Class numbers, (N,).
        probabilities: Class probabilities, (N, C).
        facts: Name of what else is known, such as `sex` -> its values for the N test utterances,
            empty where it is unknown.
    """

    condition: Condition
    seed: int
    draw: int | None
    ids: tuple[str, ...]
    speakers: tuple[str, ...]
    truth: np.ndarray
    probabilities: np.ndarray
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def predicted(self) -> np.ndarray:
        """The most probable class of each utterance, (N,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def tested(self) -> Tested:
        """Truth, prediction and speaker of each utterance."""
        return self.truth, self.predicted, self.speakers


@dataclass(frozen=True)
class PredictionTable(Sequence[Predictions]):
    """All predictions of a run.

    Attributes:
        classes: The classes, in the order of the probabilities.
        items: The predictions of every condition, seed and draw.
    """

    classes: tuple[str, ...]
    items: tuple[Predictions, ...]

    @overload
    def __getitem__(self, index: int) -> Predictions: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Predictions, ...]: ...

    def __getitem__(self, index: int | slice) -> Predictions | tuple[Predictions, ...]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    @cached_property
    def computed(self) -> dict[Hashable, Any]:
        """What was computed of these predictions, by a key: intervals take as long as a fit."""
        return {}

    def with_facts(self, facts: Mapping[str, Mapping[str, str]]) -> "PredictionTable":
        """Add what is known of the test utterances, such as the sex of the speaker.

        Args:
            facts: Name -> id of a test utterance -> value; ids that are absent are unknown.

        Returns:
            The predictions, with these facts beside those that they have.
        """
        return replace(
            self,
            items=tuple(
                replace(
                    p,
                    facts={**p.facts}
                    | {name: tuple(of.get(id, "") for id in p.ids) for name, of in facts.items()},
                )
                for p in self.items
            ),
        )

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of what else is known of the test utterances."""
        return tuple(dict.fromkeys(name for p in self.items for name in p.facts))

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the values of a row."""
        return (*COLUMNS, *self.facts, *(f"{PROBABILITY}{name}" for name in self.classes))

    def rows(self) -> Iterator[tuple[object, ...]]:
        """A row for every test utterance of every condition, seed and draw."""
        for p in self.items:
            c = p.condition
            key = (c.model, c.trained_on, c.tested_on, c.shots, p.seed, p.draw)
            names = [[self.classes[i] for i in numbers] for numbers in (p.truth, p.predicted)]
            known = [p.facts.get(name, ("",) * len(p.ids)) for name in self.facts]
            columns = (p.ids, p.speakers, *names, *known, p.probabilities)
            for *of_one, row in zip(*columns, strict=True):
                yield (*key, *of_one, *row)

    def to_pandas(self) -> "pandas.DataFrame":
        """The rows as a table.

        Returns:
            Columns `model`, `trained_on`, `tested_on`, `shots`, `seed`, `draw`, `id`, `speaker`,
            `truth`, `predicted`, the facts that are known, such as `sex`, and `p_<class>` for every
            class.

        Raises:
            InputError: pandas is not installed.
        """
        return data_frame(self.rows(), self.columns)


def write_table(predictions: PredictionTable, path: Path) -> None:
    """Write predictions as CSV, with all digits of the probabilities.

    Args:
        predictions: The predictions.
        path: The file.
    """
    first_number = len(predictions.columns) - len(predictions.classes)
    cell = cache(as_cell)  # few words fill many rows
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(predictions.columns)
        for row in predictions.rows():
            words = ("" if value is None else cell(str(value)) for value in row[:first_number])
            numbers = (f"{value:.9g}" for value in row[first_number:])
            table.writerow((*words, *numbers))


def read_table(path: Path, classes: Sequence[str]) -> PredictionTable:
    """Read predictions from CSV.

    Args:
        path: The file.
        classes: The classes, in the order of the probabilities.

    Returns:
        The predictions.
    """
    with path.open(newline="", encoding="utf-8") as file:
        return table_of(csv.DictReader(file), classes)


def table_of(rows: Iterable[dict[str, str]], classes: Sequence[str]) -> PredictionTable:
    """Read the rows of a table of predictions.

    Args:
        rows: By the names of the columns, as text. Tables of version 0.1, which name a condition
            by `system` and `test`, are read too.
        classes: The classes, in the order of the probabilities.

    Returns:
        The predictions.
    """
    groups = groupby(rows, key=lambda row: (_condition(row), row["seed"], row["draw"]))
    return PredictionTable(
        tuple(classes),
        tuple(_predictions(key, list(members), list(classes)) for key, members in groups),
    )


def _predictions(
    key: tuple[Condition, str, str], rows: Sequence[dict[str, str]], classes: list[str]
) -> Predictions:
    condition, seed, draw = key
    return Predictions(
        condition=condition,
        seed=int(seed),
        draw=int(draw) if draw else None,
        ids=tuple(from_cell(row["id"]) for row in rows),
        speakers=tuple(from_cell(row["speaker"]) for row in rows),
        truth=np.array([classes.index(from_cell(row["truth"])) for row in rows]),
        probabilities=np.array(
            [[float(row[f"{PROBABILITY}{name}"]) for name in classes] for row in rows], np.float32
        ),
        facts={
            name: tuple(from_cell(row[name]) for row in rows)
            for name in rows[0]
            if name not in (*COLUMNS, *FIRST_RELEASE) and not name.startswith(PROBABILITY)
        },
    )


def _condition(row: dict[str, str]) -> Condition:
    shots = int(row["shots"])
    if "model" in row:
        return Condition(
            model=row["model"],
            trained_on=row["trained_on"],
            tested_on=row["tested_on"],
            shots=shots,
        )
    model, control, _ = row["system"].partition(", clips alone")
    adapted = ADAPTED if row["test"] == QUERY and shots else SOURCE
    return Condition(
        model=model,
        trained_on=SUPPORT if control else adapted,
        tested_on=row["test"],
        shots=shots,
    )
