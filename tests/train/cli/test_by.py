"""mdat-train --by: scores of groups of test utterances."""

from pathlib import Path

import pytest

from mdat_train.runs.folder import read_run


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """The ages of the speakers s0 to s4 of `source.h5`, as their utterances have them."""
    ids = [
        f"s{speaker}-{emotion}-{clip}"
        for speaker in range(5)
        for emotion in ("angry", "happy", "neutral", "sad")
        for clip in range(2)
    ]
    lines = ["id,age", *(f"{id},{'old' if id[1] in '01' else 'young'}" for id in ids)]
    path = tmp_path / "ages.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_scores_are_compared_by_a_column_of_a_manifest(invoke, tmp_path, manifest):
    done = invoke(f"--source source.h5 --folds 3 --by age --manifest {manifest}", model="svm")
    assert done.exit_code == 0, done.output
    [line] = [each for each in done.output.splitlines() if each.startswith("UA % by ")]
    assert line.startswith("UA % by age, SVM on ")
    assert "old " in line and "(2 speakers)" in line and "(3 speakers)" in line
    assert "; largest gap " in line
    read = read_run(tmp_path / "run")
    assert read.predictions.facts == ("age",)
    assert line in read.summary()


def test_without_a_fact_nothing_is_compared(invoke):
    done = invoke("--source source.h5 --folds 3", model="svm")
    assert "UA % by" not in done.output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--by age", "--by must be sex, language, group or a column of a table; got 'age'"),
        ("--by sex", "--by sex must be known of the test utterances, but the features file has"),
        ("--manifest {manifest}", "--manifest is the table of --by: name one of its columns"),
        ("--by mood --manifest {manifest}", "lacks mood"),
        ("--by age --ablation all", "--ablation compares models: leave --by and --manifest out"),
    ],
)
def test_errors_come_before_any_training(invoke, tmp_path, manifest, options, message):
    model = "mdat" if "ablation" in options else "svm"
    done = invoke(f"--source source.h5 {options.format(manifest=manifest)}", model=model)
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())
    assert not (tmp_path / "run").exists()
