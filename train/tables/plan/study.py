"""A study, one model on one task under one protocol, and its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass

from mdat_train.runs.labels import model_label, task_label
from mdat_train.runs.run import Run


@dataclass(frozen=True, kw_only=True)
class Study:
    """One model on one task under one protocol, with all seeds and draws.

    Attributes:
        protocol: `paper`, `strict`, or `own` where all options are the user's.
        source: Name of the corpus to train on.
        target: Name of the corpus to test on; None tests within the source.
        model: Name of the model.
        disable: Modules of MDAT that are switched off, of `graph`, `co`, `transformer`.
        adaptation: The method of adaptation, where studies differ in it.
    """

    protocol: str
    source: str
    target: str | None
    model: str
    disable: tuple[str, ...] = ()
    adaptation: str = ""

    @property
    def label(self) -> str:
        """The printed name.

        Example:
            >>> Study(protocol="strict", source="emodb", target="urdu", model="mdat").label
            'MDAT, EMODB→URDU, protocol strict'
        """
        without = f" without {' and '.join(self.disable)}" if self.disable else ""
        task = task_label(self.source, self.target)
        method = f", {self.adaptation}" if self.adaptation else ""
        return f"{model_label(self.model)}{without}{method}, {task}, protocol {self.protocol}"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of a study.

    Attributes:
        run: The run of all its seeds and draws.
        notes: What a reader of its metrics must know.
    """

    run: Run
    notes: tuple[str, ...] = ()


Outcomes = Mapping[Study, Outcome]
