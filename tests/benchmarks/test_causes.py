"""The table of what makes MDAT better, from results that are kept, and one that is measured."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from toy_features import selection, utterances, write_features

SMALL = {"projection": 8, "graph_attention": False, "transformer": False}


@pytest.fixture
def causes(script):
    return script("causes")


def kept(change, corpus, ua):
    cell = {"encoder": "f", "corpus": corpus, "change": change, "seeds": 2}
    return json.dumps({"cell": cell, "result": {"ua": ua, "averaged": 90.0, "seconds": 5.0}})


def test_a_gain_is_the_mean_over_columns_with_its_scatter_between_seeds(causes, tmp_path):
    (results := tmp_path / "results.jsonl").write_text(
        "\n".join(
            [
                kept(causes.BASE, "emodb", [70, 72]),
                kept(causes.BASE, "nemo", [40, 42]),
                kept("no transformer", "emodb", [72, 76]),
                kept("no transformer", "nemo", [42, 44]),
                kept("64 wide, 1e-3", "nemo", [50, 52]),
            ]
        )
    )
    (folder := tmp_path / "f").mkdir()
    arguments = [
        f"--features={folder}",
        f"--results={results}",
        "--seeds=2",
        f"--change={causes.BASE}",
    ]
    result = CliRunner().invoke(causes.main, arguments)
    assert result.exit_code == 0
    # gains of the seeds: (2 + 2) / 2 and (4 + 2) / 2; t of one degree of freedom is 12.706
    assert result.output.splitlines() == [
        "| change | f, emodb | f, nemo | gain | seeds averaged | seconds |",
        "|---|---:|---:|---:|---:|---:|",
        "| network alone | 71.0 | 41.0 |  | 90.0 | 10 |",
        "| no transformer | 74.0 | 43.0 | +2.5 ± 6.4 | 90.0 | 10 |",
        "| 64 wide, 1e-3 |  | 51.0 |  | 90.0 | 5 |",
    ]


TRAINING = (
    "averaged weights",
    "no class weights",
    "no warm-up",
    "three networks",
    "weight decay 0.1",
    "label smoothing 0.1",
    "input dropout 0.2",
    "attentive pooling",
    "pooled inputs in the head",
    "time masking",
    "mixup",
)


def test_every_change_of_the_training_is_measured_here(causes):
    assert {name for name, change in causes.CHANGES.items() if change.training} == {*TRAINING}


@pytest.mark.parametrize("name", ["network alone", "linear", *TRAINING])
def test_a_change_is_measured_on_the_training_speakers(causes, tmp_path, name):
    path = write_features(tmp_path / "emodb.h5", selection(utterances(speakers=5, clips=2)))
    change = causes.CHANGES[name]
    if name != "linear":
        change = replace(change, options={"epochs": 1}, model=SMALL)
    measured = causes.measured(path, change, seeds=2)
    assert len(measured["ua"]) == 2
    assert all(0 <= ua <= 100 for ua in (*measured["ua"], measured["averaged"]))
    assert name != "linear" or measured["averaged"] == 100
