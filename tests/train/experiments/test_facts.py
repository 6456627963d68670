"""What is known of the speakers goes from the features file to the summary and the folder."""

from dataclasses import replace
from pathlib import Path

from toy_features import selection, utterances, write_features
from toy_runs import config

from mdat_train.experiments.recorder import silent
from mdat_train.experiments.run_experiment import run_experiment
from mdat_train.inputs.loading import load
from mdat_train.runs.folder import read_run


def test_sexes_of_a_features_file_are_compared_and_kept(tmp_path: Path) -> None:
    said = tuple(
        replace(u, sex="female" if u.speaker in ("s0", "s2") else "male")
        for u in utterances(speakers=4, clips=2)
    )
    file = write_features(tmp_path / "toy.h5", selection(said))
    run = run_experiment(load(config(source=(file,), model="svm")), silent)
    sexes = {u.id: u.sex for u in said}
    [predictions] = run.predictions
    assert predictions.facts == {"sex": tuple(sexes[id] for id in predictions.ids)}
    out = run.save(tmp_path / "run")
    again = read_run(out)
    assert again.predictions[0].facts == predictions.facts
    by_sex = [line for line in run.summary().splitlines() if line.startswith("UA % by sex")]
    assert by_sex and by_sex[0] in again.summary().splitlines()
    assert by_sex[0].count("(2 speakers)") == 2


def test_a_file_without_sexes_has_no_groups(tmp_path: Path) -> None:
    file = write_features(tmp_path / "toy.h5", selection())
    run = run_experiment(load(config(source=(file,), model="svm")), silent)
    assert run.predictions.facts == ()
    assert "UA % by" not in run.summary()
