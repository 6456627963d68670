"""Features files under the names of the paper's corpora, and quick options for their tables."""

from pathlib import Path

from toy_features import selection, utterances, write_features

from mdat_train.config import TrainConfig
from mdat_train.tables.plan.protocols import Corpus

TEMPLATE = TrainConfig(source=(), frames=100, folds=3, shot_draws=1, epochs=1, adapt_epochs=1)
"""What the protocols leave open."""

CLASSES = {
    "emodb": ("angry", "boredom", "happy", "neutral", "sad"),
    "urdu": ("angry", "happy", "neutral", "sad"),
    "iemocap": ("angry", "excited", "happy", "neutral", "sad"),
}


def write_corpora(folder: Path, *names: str) -> dict[str, Corpus]:
    """Features files of five speakers with five utterances of each emotion, in a folder."""
    folder.mkdir(exist_ok=True)
    for seed, name in enumerate(names):
        classes = CLASSES[name]
        of = selection(utterances(speakers=5, clips=5, classes=classes), classes=classes, seed=seed)
        write_features(folder / f"{name}.h5", of)
    return {name: Corpus.of(folder / f"{name}.h5") for name in names}
