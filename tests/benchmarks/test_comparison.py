"""The comparison of all models, on toy features and with the quickest models."""

import numpy as np
import pytest
from click.testing import CliRunner
from toy_features import selection, utterances, write_features

from mdat_train.runs.condition import FOLDS, Condition
from mdat_train.runs.predictions import Predictions


@pytest.fixture
def comparison(script):
    return script("comparison")


def test_every_task_has_a_row_and_every_model_a_test(comparison, monkeypatch, tmp_path):
    (features := tmp_path / "toy").mkdir()
    for seed, corpus in enumerate(comparison.CORPORA):
        of = selection(utterances(speakers=5, clips=4), seed=seed, separation=0.7)
        write_features(features / f"{corpus}.h5", of)
    monkeypatch.setattr(comparison, "OURS", "linear")
    monkeypatch.setattr(comparison, "FIXED", ("svm", "toy", "across, 5"))
    arguments = ["--model=linear", "--model=svm", f"--features={features}", f"--out={tmp_path}/out"]
    first, again = (CliRunner().invoke(comparison.main, arguments) for _ in range(2))
    assert first.exit_code == 0, first.output
    assert first.output == again.output
    means, tasks, tests = first.output.strip().split("\n\n")
    names = [line.split(" | ")[1] for line in means.splitlines()[2:]]
    assert names == ["within", "across, 0", "across, 5", "across, 15", "all"]
    assert len(tasks.splitlines()) == 2 + 3 + 6 * 3
    assert tests.splitlines()[0] == "| MDAT less | points | 95 % interval | p | after Holm |"
    assert [line.split(" | ")[0] for line in tests.splitlines()[2:]] == [
        "| svm",
        "| svm, toy, across, 5",
    ]
    within = CliRunner().invoke(comparison.main, [*arguments, "--within"])
    assert within.exit_code == 0
    _, tasks, tests = within.output.strip().split("\n\n")
    assert (len(tasks.splitlines()), len(tests.splitlines())) == (2 + 3, 2 + 1)


def predicted(task, right, seed):
    """Two speakers with two utterances each, of which some are predicted correctly."""
    probabilities = np.eye(2)[[0, 1, 0, 1]] if right else np.eye(2)[[1, 0, 1, 0]]
    return Predictions(
        condition=Condition(model="m", trained_on="source", tested_on=FOLDS, shots=0),
        seed=seed,
        draw=None,
        ids=("a", "b", "c", "d"),
        speakers=(f"{task.source} 1", f"{task.source} 1", f"{task.source} 2", f"{task.source} 2"),
        truth=np.array([0, 1, 0, 1]),
        probabilities=probabilities,
    )


def test_a_speaker_is_one_sample_in_however_many_tasks(comparison):
    tasks = [
        comparison.Task(encoder=encoder, source=corpus)
        for encoder in ("a", "b")
        for corpus in comparison.CORPORA
    ]
    ours = {task: [predicted(task, True, 0)] for task in tasks}
    theirs = {task: [predicted(task, task.encoder == "a", 0)] for task in tasks}
    both = comparison.compared(ours, theirs)
    assert (both.speakers, both.difference) == (6, pytest.approx(0.5))
    of_one = comparison.compared(ours, theirs, "b", "within")
    assert (of_one.speakers, of_one.difference) == (6, pytest.approx(1.0))


def test_a_network_joined_with_a_linear_classifier(comparison):
    task = comparison.Task(encoder="a", source="emodb")
    sure, unsure = predicted(task, True, 0), predicted(task, False, 0)
    (found,) = comparison.joined({task: [sure]}, {task: [unsure]})[task]
    assert found.predicted.tolist() == unsure.predicted.tolist()  # its weight is 0.75
    with pytest.raises(ValueError, match="predicted other utterances"):
        comparison.joined({task: [sure]}, {task: [predicted(task, True, 1)]})
