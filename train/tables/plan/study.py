"""What a table is made of: one system on one task, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from mdat_train.runs.run import Run


@dataclass(frozen=True, kw_only=True)
class Study:
    """One system on one task under one protocol; all seeds and draws together.

    Attributes:
        protocol: `paper` or `strict`.
        source: Name of the corpus that is learned from.
        target: Name of the corpus that is tested on; None tests within the source.
        model: `mdat`, `bilstm`, `safrlm`, `hcam`, `linear` or `svm`.
        disable: Modules of MDAT that are switched off, of `graph`, `co`, `transformer`.
    """

    protocol: str
    source: str
    target: str | None
    model: str
    disable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a study.

    Attributes:
        run: Predictions of all its seeds and draws.
        notes: What a reader of its scores must know.
    """

    run: Run
    notes: tuple[str, ...] = ()


Outcomes = Mapping[Study, Outcome]
