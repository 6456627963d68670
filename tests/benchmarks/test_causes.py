"""The table of what makes MDAT better, from results that are kept, and one that is measured."""

import importlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from toy_features import selection, utterances, write_features

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def causes(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module("causes")


def kept(change, corpus, ua):
    cell = {"encoder": "f", "corpus": corpus, "change": change, "seeds": 2}
    return json.dumps({"cell": cell, "result": {"ua": ua, "averaged": 90.0, "seconds": 5.0}})


def test_a_gain_is_the_mean_over_columns_with_its_scatter_between_seeds(causes, tmp_path):
    (results := tmp_path / "results.jsonl").write_text(
        "\n".join(
            [
                kept("base", "emodb", [70, 72]),
                kept("base", "nemo", [40, 42]),
                kept("no transformer", "emodb", [72, 76]),
                kept("no transformer", "nemo", [42, 44]),
                kept("64 wide, 1e-3", "nemo", [50, 52]),
            ]
        )
    )
    (folder := tmp_path / "f").mkdir()
    arguments = [f"--features={folder}", f"--results={results}", "--seeds=2", "--change=base"]
    result = CliRunner().invoke(causes.main, arguments)
    assert result.exit_code == 0
    # gains of the seeds: (2 + 2) / 2 and (4 + 2) / 2; t of one degree of freedom is 12.706
    assert result.output.splitlines() == [
        "| change | f, emodb | f, nemo | gain | seeds averaged | seconds |",
        "|---|---:|---:|---:|---:|---:|",
        "| base | 71.0 | 41.0 |  | 90.0 | 10 |",
        "| no transformer | 74.0 | 43.0 | +2.5 ± 6.4 | 90.0 | 10 |",
        "| 64 wide, 1e-3 |  | 51.0 |  | 90.0 | 5 |",
    ]


@pytest.mark.parametrize(
    ("change", "options", "model"),
    [("linear", {"model": "linear"}, {}), ("averaged weights", {"epochs": 1}, {"projection": 8})],
)
def test_a_change_is_measured_on_the_training_speakers(causes, tmp_path, change, options, model):
    of = selection(utterances(speakers=5, clips=2))
    path = write_features(tmp_path / "emodb.h5", of)
    changed = replace(causes.CHANGES[change], options=options, model=model)
    measured = causes.measured(path, changed, seeds=2)
    assert len(measured["ua"]) == 2
    assert all(0 <= ua <= 100 for ua in (*measured["ua"], measured["averaged"]))
    assert change != "linear" or measured["averaged"] == 100
