"""How long MDAT's part of the paper's tables takes, at measured rates."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from mdat_train.classifiers.lesson import LEAST_UTTERANCES
from mdat_train.config import PROTOCOLS, TABLES, TrainConfig
from mdat_train.tables.plan import grid
from mdat_train.tables.plan.protocols import CORPORA, WITHIN, Corpus

DEFAULTS = TrainConfig(source=(), shots=(0, 5, 10, 15))
"""The defaults of mdat-tables."""

UTTERANCES = {
    "iemocap": (800, 800),
    "emodb": (535, 420),
    "emovo": (504, 336),
    "urdu": (400, 400),
}
"""Utterances of the paper's classes: within the corpus, and across corpora."""

FORWARD = 1 / 3
"""Time for testing an utterance, relative to the time for training on it."""


def paper_hours(rates: Mapping[str, float], tables: Sequence[str] = TABLES) -> float:
    """Hours for MDAT in tables of the paper, both protocols, with the defaults.

    Args:
        rates: Utterances per second for each corpus. EMOVO has recordings as short as EMO-DB's, so
            EMO-DB's rate is used for it. URDU's, where it is missing, likewise.
        tables: Numbers of the tables.
    """
    rates = {"emovo": rates["emodb"], "urdu": rates["emodb"], **rates}
    corpora = {
        name: Corpus(path=Path(f"{name}.h5"), digest=name, emotions=frozenset(WITHIN[name]))
        for name in CORPORA
    }
    wanted = grid.studies(corpora, tables=tables, models=("mdat",), protocols=PROTOCOLS)
    planned = grid.jobs(wanted, corpora, tables=tables, template=DEFAULTS, folder=Path())
    return sum(seconds(job.config, rates) for job in planned) / 3600


def seconds(config: TrainConfig, rates: Mapping[str, float]) -> float:
    """Seconds for training and testing the models of a run."""
    source = config.source[0].stem
    within, across = UTTERANCES[source]
    if config.target is None:
        folds = 1 if config.split == "80-20" else config.folds
        return folds * within * (0.8 * config.epochs + 0.2 * FORWARD) / rates[source]
    target = config.target.stem
    tested = UTTERANCES[target][1] * FORWARD
    shots = [k for k in config.shots if k]
    trained = sum(-(-LEAST_UTTERANCES // (4 * k)) * 4 * k for k in shots)
    # Each draw adapts a model, and trains another one on the support set alone.
    of_draw = trained * (config.adapt_epochs + config.epochs) + (1 + 2 * len(shots)) * tested
    return across * config.epochs / rates[source] + (
        (tested + config.shot_draws * of_draw * bool(shots)) / rates[target]
    )
