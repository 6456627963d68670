"""Transfer: train on the source, test on the target, adapt with a few labelled utterances of it."""

from collections.abc import Sequence

from mdat_data.splits.split import Split
from mdat_data.utterance import Utterance
from mdat_train.config import TrainConfig
from mdat_train.experiments.adapting import Transferred
from mdat_train.experiments.k_shot_draw import Draw
from mdat_train.experiments.recorder import Recorder
from mdat_train.inputs.scales import Scale
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import SOURCE, TARGET, Condition
from mdat_train.splits.k_shot import POOL, k_shot, k_shot_by_group


def run_transfer(recorder: Recorder, source: Selection, target: Scale) -> Transferred:
    """Test zero-shot on the whole target, and adapted on its query set.

    Beside each adapted model there are two controls: the same model and the linear classifier,
    trained on the support set alone. Without them a curve does not show transfer.

    Args:
        recorder: Trains the classifier, and records its predictions.
        source: The utterances to train on.
        target: The utterances to test on, and their scale.

    Returns:
        The model that a run keeps: of the first seed and the first draw.
    """
    config = recorder.config
    zero_shot = Condition(model=config.model, trained_on=SOURCE, tested_on=TARGET, shots=0)
    # Before any training: the target may be too small.
    utterances = target.corpus.utterances
    draws = {seed: _draws(utterances, config, seed=seed) for seed in config.all_seeds}
    unadapted = target.scaled(())
    kept = []
    for seed in config.all_seeds:
        split = Split(train=source.ids)
        fitted = recorder.fit(f"seed {seed}, source", source, split, seed)
        probabilities = recorder.classifier.predict(fitted, unadapted.selection)
        recorder.record(zero_shot, unadapted.selection, probabilities, seed=seed)
        adapted = [
            Draw(recorder, source, target, fitted, seed, number).run(splits)
            for number, splits in enumerate(draws[seed])
        ]
        of_source = Transferred(
            fitted=fitted, of_source=fitted, target=unadapted, adaptation=config.adapted_by
        )
        kept.append(adapted[0] if adapted else of_source)
    return kept[0]


def count_transfer(config: TrainConfig) -> int:
    """Number of models that `run_transfer` trains."""
    models = 2 if config.model == "linear" else 3
    curve = models * (len(config.numbers_of_shots) - 1)
    return config.seeds * (1 + config.shot_draws * curve)


def _draws(
    target: Sequence[Utterance], config: TrainConfig, *, seed: int
) -> list[dict[int, Split]]:
    """For each draw of a seed the split of each number of shots, ascending from 0."""
    shots = config.numbers_of_shots
    pool = max(POOL, shots[-1])
    draw_split = k_shot_by_group if config.split == "group" else k_shot
    return [
        {k: draw_split(target, shots=k, seed=(seed, draw), pool=pool) for k in shots}
        for draw in range(config.shot_draws if shots[-1] else 0)
    ]
