"""How long MDAT's part of the paper's tables takes, at measured rates."""

from collections.abc import Mapping
from pathlib import Path

from mdat_train.classifiers.keras_classifier import LEAST_UTTERANCES
from mdat_train.cli.tables import main as mdat_tables
from mdat_train.config import PROTOCOLS, TABLES, TrainConfig
from mdat_train.tables.plan import grid
from mdat_train.tables.plan.protocols import CORPORA, WITHIN, Corpus

UTTERANCES = {
    "iemocap": (800, 800),
    "emodb": (535, 420),
    "emovo": (504, 336),
    "urdu": (400, 400),
}
"""Of the classes of the paper: within the corpus, and across corpora."""

FORWARD = 1 / 3
"""What testing an utterance takes of what training on it takes."""


def paper_hours(rates: Mapping[str, float]) -> float:
    """Hours for MDAT in Tables II, IV, V and VI, both protocols, with the options' defaults.

    Args:
        rates: Utterances a second of each corpus; of EMOVO, whose recordings are as short, EMO-DB's
            hold.
    """
    rates = {"emovo": rates["emodb"], **rates}
    corpora = {
        name: Corpus(path=Path(f"{name}.h5"), digest=name, emotions=frozenset(WITHIN[name]))
        for name in CORPORA
    }
    wanted = grid.studies(corpora, tables=TABLES, models=("mdat",), protocols=PROTOCOLS)
    options = mdat_tables.make_context("mdat-tables", ["--caches=c", "--out=o"]).params
    for name in ("caches", "out", "only", "models", "protocols", "jobs", "engine"):
        del options[name]
    planned = grid.jobs(wanted, corpora, tables=TABLES, folder=Path(), **options)
    return sum(seconds(job.config, rates) for job in planned) / 3600


def seconds(config: TrainConfig, rates: Mapping[str, float]) -> float:
    """Of the trainings of a run, and of its tests."""
    source = config.source[0].stem
    within, across = UTTERANCES[source]
    if config.target is None:
        folds = 1 if config.split == "80-20" else config.folds
        return folds * within * (0.8 * config.epochs + 0.2 * FORWARD) / rates[source]
    target = config.target.stem
    tested = UTTERANCES[target][1] * FORWARD
    shots = [k for k in config.shots if k]
    clips = sum(-(-LEAST_UTTERANCES // (4 * k)) * 4 * k for k in shots)
    # Each draw is adapted to, and learned from alone.
    of_draw = clips * (config.adapt_epochs + config.epochs) + (1 + 2 * len(shots)) * tested
    return across * config.epochs / rates[source] + (
        (tested + config.shot_draws * of_draw * bool(shots)) / rates[target]
    )
