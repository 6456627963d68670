"""The command mdat-tables."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from full_disk import full_disk
from toy_grids import write_corpora

from mdat_train.cli.tables import main
from mdat_train.runs.claim import claimed_report
from mdat_train.tables.plan import engine

QUICK = [
    *("--models", "linear", "--only", "II,V", "--shots", "0,5"),
    *("--seeds", "2", "--shot-draws", "1", "--folds", "3"),
]


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables") / "caches"
    write_corpora(folder, "emodb", "urdu")
    return folder


Invoke = Callable[..., Result]


@pytest.fixture
def invoke(caches: Path, tmp_path: Path) -> Invoke:
    def _invoke(*more: str) -> Result:
        where = [f"--caches={caches}", f"--out={tmp_path / 'report'}"]
        return CliRunner().invoke(main, [*where, *QUICK, *more])

    return _invoke


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def whole(caches: Path) -> tuple[Result, Path]:
    """A grid that nobody stopped: what was printed, and the folder of its report."""
    folder = caches.parent / "whole"
    done = CliRunner().invoke(main, [f"--caches={caches}", f"--out={folder}", *QUICK])
    return done, folder


@pytest.fixture
def report(whole: tuple[Result, Path], tmp_path: Path) -> Path:
    """A copy of the finished report, where the next command looks for it."""
    return Path(shutil.copytree(whole[1], tmp_path / "report"))


def test_a_report_from_what_there_is(whole):
    done, folder = whole
    report = contents(folder)
    assert done.exit_code == 0, done.output
    # Two protocols, two seeds, two corpora and two pairs.
    assert "emodb, urdu: 16 runs, 0 of them finished" in done.output
    assert {"tables.md", "tables.json", "report.html"} <= set(report)
    text = report["tables.md"].decode()
    assert "iemocap.h5" in text and "emovo.h5" in text
    assert "linear, support only" in text
    assert not [word for word in ("clip", "system") if word in text]


def test_a_stopped_grid_continues_and_gives_the_same_report(invoke, report, monkeypatch):
    expected, run_jobs, ran = contents(report), engine.run_jobs, []
    for name in expected:
        (report / name).unlink()
    for run in sorted((report / "runs").iterdir())[::2]:
        shutil.rmtree(run)

    def interrupted(jobs, **options):
        for number, of_one in enumerate(run_jobs(jobs, **options)):
            if number == 3:
                raise KeyboardInterrupt
            yield of_one

    monkeypatch.setattr(engine, "run_jobs", interrupted)
    done = invoke()
    assert done.exit_code == 130
    assert "16 runs, 8 of them finished" in done.output
    assert "Finished runs are kept; the same command continues." in done.output
    assert contents(report) == {}

    def counted(jobs, **options):
        ran.extend(jobs)
        yield from run_jobs(jobs, **options)

    monkeypatch.setattr(engine, "run_jobs", counted)
    assert invoke().exit_code == 0
    assert len(ran) in (8 - 3, 8 - 4)
    assert contents(report) == expected


def test_a_cell_that_cannot_be_filled_is_blank_and_named(invoke, tmp_path):
    done = invoke("--folds", "6", "--protocol", "strict")
    assert done.exit_code == 2
    assert "some cells are blank, because" in done.output
    output = " ".join(done.output.split())
    assert "linear, EMODB, protocol strict: " in output and "needs at least 6 groups" in output
    assert "Study(" not in output
    assert (tmp_path / "report" / "tables.md").exists()


def test_no_features_file_at_all(tmp_path):
    done = CliRunner().invoke(main, [f"--caches={tmp_path}", f"--out={tmp_path / 'report'}"])
    assert done.exit_code == 2
    assert "at least one of iemocap.h5, emodb.h5, emovo.h5, urdu.h5" in " ".join(
        done.output.split()
    )
    assert list(tmp_path.iterdir()) == []


BAD = {
    "unknown table": (
        ("--only", "III"),
        "must be one or more of II, IV, V, VI, transfer; got 'III'",
    ),
    "unknown model": (("--models", "cnn"), "hcam, mdat, linear, svm; got 'cnn'"),
    "unknown protocol": (("--protocol", "loose"), "one or more of paper, strict; got 'loose'"),
    "unknown engine": (("--engine", "slurm"), "must be local or dask://host:port; got slurm"),
    "no scheduler": (("--engine", "dask://127.0.0.1:9"), "must be a running Dask scheduler"),
}


@pytest.mark.parametrize(("options", "message"), BAD.values(), ids=BAD)
def test_bad_options_are_named(invoke, options, message):
    done = invoke(*options)
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())


def test_a_second_command_on_one_report_is_refused_and_names_the_first(invoke, tmp_path):
    with claimed_report(tmp_path / "report"):
        done = invoke()
    assert done.exit_code == 2
    assert f"is being written by another process (pid {os.getpid()} on" in " ".join(
        done.output.split()
    )
    assert list(tmp_path.iterdir()) == []


def test_a_kept_run_that_was_cut_short_is_made_again(invoke, report):
    expected = contents(report)
    table = next((report / "runs").glob("*/predictions.csv"))
    table.write_bytes(table.read_bytes()[:-700])
    done = invoke()
    assert done.exit_code == 0
    assert "16 runs, 15 of them finished" in done.output
    assert "is made again: predictions.csv is not as it was written" in done.output
    assert contents(report) == expected


def test_a_full_disk_is_a_message_and_finished_runs_are_kept(invoke, report):
    kept = set((report / "runs").iterdir())
    with full_disk(5_000):  # of this process, which writes the report
        done = invoke("--only", "II")
    assert done.exit_code == 2
    assert "cannot be written: File too large. What is finished is kept. Make room" in " ".join(
        done.output.split()
    )
    assert set((report / "runs").iterdir()) == kept


NONE = ("nan", "inf", "-inf")
UNUSABLE = {
    **{f"rate {v}": (f"--learning-rate={v}", "learning") for v in NONE},
    **{f"memory {v}": (f"--memory={v}", "memory") for v in NONE},
    "seed": ("--resampling-seed=4294967296", "resampling_seed must be at most 4294967295"),
    "shots": (f"--shots={'9' * 5000}", "must be whole numbers, such as 0,5,10"),
    "no out": ("--out=", "'--out': must be the path of a file or folder"),
    "long out": (f"--out={'x' * 256}", "'--out': must have names of at most 255 bytes"),
    "proc": ("--out=/proc/x", "is not a writable folder"),
    "no caches": ("--caches=", "'--caches': must be the path of a file or folder"),
    "Windows": ("--caches=C:\\caches", "must separate folders by / on this system"),
    "a file": (f"--out={__file__}", "is a file"),
    "engine": ("--engine=dask://", "--engine dask:// must be a running Dask scheduler"),
    "port": ("--engine=dask://here:99999", "must be a running Dask scheduler"),
}


@pytest.mark.parametrize(("option", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_values_that_cannot_be_used_are_refused(invoke, tmp_path, option, message):
    done = invoke(option)
    assert done.exit_code == 2, done.output
    assert message in " ".join(done.output.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP", "SIGTERM"])
def test_a_signal_to_all_processes_ends_them_and_prints_how_to_continue(caches, tmp_path, name):
    arguments = [f"--caches={caches}", f"--out={tmp_path / 'report'}", *QUICK, "--jobs=2"]
    code = f"from mdat_train.cli.tables import main; main({arguments})"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    runs, until = tmp_path / "report" / "runs", time.monotonic() + 120
    while not (runs.exists() and len(list(runs.glob("*/scores.json"))) > 2):
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.1)
    os.killpg(process.pid, getattr(signal, name))
    _, printed = process.communicate(timeout=60)
    assert process.returncode == 128 + getattr(signal, name)
    assert printed == "Error: interrupted. Finished runs are kept; the same command continues.\n"
