"""Adapting for use: a model learns from every labelled utterance of the target.

Its score is estimated by leaving out one speaker in turn. Where there is only one, utterances are
left out, which rewards recognising the speaker: the report says so.
"""

from collections.abc import Sequence

import numpy as np

from mdat_data import InputError
from mdat_data.splits.split import Split
from mdat_train.config import TrainConfig
from mdat_train.experiments.adapting import Transferred, adaptation_of, adapting
from mdat_train.experiments.recorder import Recorder
from mdat_train.inputs.scales import Scale
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import ADAPTED, FOLDS, SOURCE, TARGET, Condition
from mdat_train.splits.folds import by_group, ids_by_emotion, stratified
from mdat_train.splits.k_shot import POOL

MOST_FOLDS = 10
"""Of more speakers, several are left out at a time."""

OF_UTTERANCES = 5
"""Number of folds where there is one speaker, or speakers need not be apart."""


def run_use(recorder: Recorder, source: Selection, target: Scale) -> Transferred:
    """Test without adaptation and by leaving speakers out; then adapt with all of the target.

    Args:
        recorder: Trains the classifier, and records its predictions.
        source: The utterances to train on.
        target: The labelled utterances of the target, and their scale.

    Returns:
        The model that a run keeps: of the first seed.
    """
    config, corpus = recorder.config, target.corpus
    divided = {seed: left_out(corpus, config, seed=seed) for seed in config.all_seeds}
    kept = []
    for seed in config.all_seeds:
        fitted = recorder.fit(f"seed {seed}, source", source, Split(train=source.ids), seed)
        adaptation = adaptation_of(recorder, source, min(_shots(corpus), POOL), seed)
        kept.append(
            Transferred(
                fitted=fitted, of_source=fitted, target=target.scaled(()), adaptation=adaptation
            )
        )
        _test(recorder, source, target, kept[-1], divided[seed], seed)
    return _adapted_to_all(recorder, source, target, kept[0])


def count_use(config: TrainConfig) -> int:
    """Number of models that `run_use` trains, at most."""
    return config.seeds * (1 + MOST_FOLDS) + 1


def left_out(corpus: Selection, config: TrainConfig, *, seed: int) -> list[Split]:
    """Divide the target: each speaker is left out in turn, where there are several.

    Args:
        corpus: The labelled utterances.
        config: Says whether speakers are apart.
        seed: Decides which speakers share a fold, or which utterances.

    Raises:
        InputError: A class has a single utterance, and there is one speaker.
    """
    groups = len({u.group for u in corpus.utterances})
    if config.split == "group" and groups > 1:
        return by_group(corpus.utterances, folds=min(groups, MOST_FOLDS), seed=seed)
    fewest = min(map(len, ids_by_emotion(corpus.utterances).values()))
    if fewest < 2:
        raise InputError(
            "--shots all leaves utterances out to estimate the score: of a single speaker each "
            "emotion needs two; got one. Record more, or leave the emotion out of --classes."
        )
    return stratified(corpus.utterances, folds=min(fewest, OF_UTTERANCES), seed=seed)


def _test(
    recorder: Recorder,
    source: Selection,
    target: Scale,
    of: Transferred,
    splits: Sequence[Split],
    seed: int,
) -> None:
    """Test the model of the source on all of the target, and adapted on what is left out."""
    config, corpus = recorder.config, target.corpus
    zero_shot = Condition(model=config.model, trained_on=SOURCE, tested_on=TARGET, shots=0)
    probabilities = recorder.classifier.predict(of.fitted, of.target.selection)
    recorder.record(zero_shot, corpus, probabilities, seed=seed)
    probabilities = np.empty_like(probabilities)
    for number, split in enumerate(splits):
        scaled = target.scaled(split.train)
        query = scaled.selection.of(split.test)
        fit = adapting(
            recorder,
            of.adaptation,
            fitted=of.of_source,
            source=source,
            support=scaled.selection.of(split.train),
            unlabelled=query,
            seed=seed,
        )
        name = f"seed {seed}, fold {number}"
        fitted = recorder.train(name, split, corpus, fit, warning=scaled.warning)
        probabilities[np.isin(corpus.ids, split.test)] = recorder.classifier.predict(fitted, query)
    adapted = Condition(
        model=config.model, trained_on=ADAPTED, tested_on=FOLDS, shots=_shots(corpus)
    )
    recorder.record(adapted, corpus, probabilities, seed=seed)


def _adapted_to_all(
    recorder: Recorder, source: Selection, target: Scale, of: Transferred
) -> Transferred:
    """The model that is used."""
    ids, seed = target.corpus.ids, recorder.config.first_seed
    scaled = target.scaled(ids)
    fit = adapting(
        recorder,
        of.adaptation,
        fitted=of.of_source,
        source=source,
        support=scaled.selection,
        seed=seed,
    )
    fitted = recorder.train(
        "all of the target", Split(train=ids), target.corpus, fit, warning=scaled.warning
    )
    return Transferred(
        fitted=fitted,
        of_source=of.of_source,
        target=scaled,
        adaptation=of.adaptation,
        support=ids,
    )


def _shots(corpus: Selection) -> int:
    """Labelled utterances per class, on average."""
    return round(len(corpus) / len(corpus.classes))
