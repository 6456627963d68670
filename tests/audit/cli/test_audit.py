"""The command mdat-audit: what it prints and writes, and its exit codes."""

import sys

import pytest
from click.testing import CliRunner
from missing_packages import HEAVY, call_without
from toy_features import selection, utterances, write_features

from mdat_audit.cli.audit import main

UTTERANCES = utterances(speakers=4, clips=5)


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "toy.h5"
    return write_features(path, selection(UTTERANCES))


@pytest.fixture
def splits(tmp_path):
    """Tables of a split that keeps speakers apart, and of one that does not."""
    tests = {"apart": lambda u: u.speaker == "s0", "divided": lambda u: u.id.endswith("0")}
    for name, test in tests.items():
        rows = [f"{u.id},{'test' if test(u) else 'train'}" for u in UTTERANCES]
        (tmp_path / f"{name}.csv").write_text("\n".join(["id,part", *rows]))
    return tmp_path


def invoke(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


def test_a_split_without_a_leak_is_0_and_the_page_is_printed(features, splits):
    result = invoke(features, "--splits", splits / "apart.csv")
    assert result.exit_code == 0, result.output
    assert "## Leaks: none found" in result.output
    assert "| s0 | 5 | 5 | 5 | 5 |" in result.output


def test_a_leak_is_1_and_the_files_are_written(features, splits):
    out = splits / "audit"
    result = invoke(features, "--splits", splits / "divided.csv", "--out", out)
    assert result.exit_code == 1, result.output
    assert "4 of 4 test speakers are in the training set too" in result.output
    assert result.output.endswith(f"Written to {out}\n")
    assert sorted(p.name for p in out.iterdir()) == [
        "audit.json",
        "audit.md",
        "durations.png",
        "map.png",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no.h5"], "no.h5"),
        (["nothing"], "expected a corpus, a manifest or an audformat database"),
        ([], "Missing argument"),
        (["{features}", "--splits", "no.csv"], "no.csv: expected a table"),
        (["{features}", "--layer", "7"], "--layer to be one of the speech layers 12, last"),
        (["{features}", "--layer", ""], "--layer to be one of the speech layers 12, last, got ''"),
        (["{features}", "--seed", "-1"], "expected --seed to be from 0 to 4294967295, got -1"),
        (["{features}", "--emotion-column", "a.b"], "Leave the option out"),
        (["{features}", "--map", "tsne"], "tsne"),
        (["{features}", "--out", "/proc/audit"], "cannot be written"),
        (["{features}", "--root", "a", "--root", "b"], "--root once for each corpus"),
    ],
)
def test_wrong_input_is_2(arguments, message, features):
    result = invoke(*(str(argument).format(features=features) for argument in arguments))
    assert result.exit_code == 2
    assert message in result.output


def test_a_map_without_its_package_names_the_extra(features, monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    result = invoke(features, "--map", "umap")
    assert result.exit_code == 2
    assert 'pip install "mdat-keras[umap]"' in result.output


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_need_nothing_heavy(argument):
    done = call_without(HEAVY, "mdat_audit.cli.audit", [argument])
    assert done.returncode == 0, done.stderr


def test_a_missing_package_is_named_with_its_extra(features):
    done = call_without(["sklearn"], "mdat_audit.cli.audit", [str(features)])
    assert done.returncode == 1
    assert 'pip install "mdat-keras[audit]"' in done.stderr
