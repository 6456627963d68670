"""How a run tested its model, in words."""

from mdat_train.runs.condition import FOLDS, HELD_OUT, TARGET
from mdat_train.runs.labels import scale_label
from mdat_train.runs.run import Run

WITHIN = {
    "group": "no speaker (or session) is in two folds",
    "random": "random folds, so speakers are in training and test: optimistic for new speakers",
}
ACROSS = {
    "group": "no speaker (or session) is on both sides",
    "random": "speakers are on both sides: optimistic for new speakers",
}


def protocol(run: Run) -> str:
    """Describe the test of the model that a run keeps.

    Args:
        run: The run.

    Returns:
        A sentence without its period.
    """
    config, condition = run.config, run.kept_condition
    predictions = run.of(condition)
    seeds = len({p.seed for p in predictions})
    of_seeds = f"; mean over {seeds} seed{'s' if seeds > 1 else ''}"
    scale = scale_label(config, condition)
    how = f"; {scale}" if scale else ""
    if condition.tested_on == FOLDS and config.target:
        apart = len({s for p in predictions for s in p.speakers}) > 1 and config.split == "group"
        return (
            "utterances of the target, each by a model that was adapted to the other folds, "
            f"{WITHIN['group' if apart else 'random']}{of_seeds}{how}"
        )
    if condition.tested_on == FOLDS:
        return f"cross-validation in {config.folds} folds, {WITHIN[config.split]}{of_seeds}{how}"
    if condition.tested_on == HELD_OUT:
        return f"a random fifth held out, speakers are on both sides{of_seeds}{how}"
    target = list(run.provenance.values())[-1]["corpus"]
    if condition.tested_on == TARGET:
        return f"all utterances of {target}, a corpus that it did not learn from{of_seeds}{how}"
    draws = len({p.draw for p in predictions})
    return (
        f"utterances of {target} outside the support set of {condition.shots} per class, "
        f"{ACROSS[config.split]}{of_seeds} and {draws} draw{'s' if draws > 1 else ''}{how}"
    )
