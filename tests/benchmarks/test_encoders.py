"""The table of the layers of encoders, from results that are kept."""

import json

import pytest
from click.testing import CliRunner

CELL = {"encoder": "tiny.en", "layer": "3", "modality": "speech", "epochs": 5, "model": "linear"}


@pytest.fixture
def table(script, tmp_path):
    """Run the script where the results of two strides are kept, so that nothing is trained."""
    encoders = script("encoders")
    of = {"folds": "91.7 ± 1.0", "seconds": "3"}
    across = {"0 shots": "53.9 ± 6.7", "15 shots": "58.9 ± 4.5", "seconds": "4"}
    kept = [
        {"cell": CELL | {"stride": stride, "source": "emodb", "target": target}, "result": result}
        for stride in (1, 2)
        for target, result in ((None, of), ("urdu", across))
    ]
    results = tmp_path / "results.jsonl"
    results.write_text("".join(f"{json.dumps(each)}\n" for each in kept))
    (folder := tmp_path / "tiny.en").mkdir()
    fixed = [
        f"--features={folder}",
        "--corpus=emodb",
        "--layer=3",
        "--model=linear",
        "--preset=wide",
    ]

    def run(*arguments):
        result = CliRunner().invoke(encoders.main, [*fixed, f"--results={results}", *arguments])
        return result.exit_code, result.output

    return run


def test_rows_say_what_the_stride_is_where_steps_are_averaged(table):
    code, output = table("--pair=emodb:urdu")
    assert code == 0
    assert output.splitlines() == [
        "| encoder, layer | model | emodb | emodb → urdu | core-seconds |",
        "|---|---|---:|---:|---:|",
        "| tiny.en, 3 | linear | 91.7 ± 1.0 | 53.9 ± 6.7, 58.9 ± 4.5 | 7 |",
    ]
    code, output = table("--pair=emodb:urdu", "--frame-stride=2")
    assert code == 0
    assert "| tiny.en, 3, stride 2 | linear |" in output


def test_without_pairs_there_are_corpora_alone(table):
    code, output = table("--pair=none")
    assert code == 0
    assert output.splitlines()[-1] == "| tiny.en, 3 | linear | 91.7 ± 1.0 | 3 |"


def test_a_pair_without_a_target_is_refused(table):
    code, output = table("--pair=emodb")
    assert code == 2
    assert "expected SOURCE:TARGET or none, got emodb" in output
