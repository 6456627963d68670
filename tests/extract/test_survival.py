"""After any end of the process, the same command continues to the same file."""

import json
import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import h5py
import killing
import numpy as np
import pytest
import toy_corpora
from click.testing import CliRunner

from mdat_data.process.output import MARK
from mdat_extract.cli.extract import main
from mdat_extract.encoders.logmel import LogMel

COMMAND = "from mdat_extract.cli.extract import main; main()"

LIMITED = """
import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from mdat_extract.cli.extract import main; main()
"""

ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """Twelve utterances in twelve batches, with the encoders that need no download."""
    toy_corpora.write_emodb(tmp_path / "emodb")
    encoders = ["--speech-encoder", "logmel", "--text-encoder", "char-ngram"]
    return [
        *("--corpus", "emodb", "--root", str(tmp_path / "emodb"), "--batch-seconds", "0.1"),
        *("--limit", "12", "--out", str(tmp_path / "emodb.h5"), *encoders),
    ]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env=ENVIRONMENT, capture_output=True, text=True
    )


def parts(folder: Path) -> list[Path]:
    return list(folder.glob("emodb.h5.parts/*/*.npz"))


def digests(path: Path) -> list[str]:
    with h5py.File(path) as file:
        return list(file["digest"].asstr())


def tokens(path: Path) -> list[list[str]]:
    with h5py.File(path) as file:
        return file["text_token"].asstr()[:].tolist()


def test_kills_at_random_moments_leave_no_trace(options: list[str], tmp_path: Path) -> None:
    done = run(killing.__file__, "24", "12", *options)
    assert done.returncode == 0, done.stderr
    runs = json.loads(done.stdout)
    ended = [how for how, *_ in runs]
    assert set(ended) == {"killed", "exit 0"}
    assert ended.count("killed") == 24
    # Kills happened while the batches were written, and after that.
    assert any(0 < kept < 12 for how, kept, _ in runs if how == "killed")
    assert any(kept == 12 for how, kept, _ in runs if how == "killed")
    # No run loses a part, until the file is finished.
    assert all(
        later >= earlier or there or how == "exit 0"
        for (_, earlier, _), (how, later, there) in pairwise(runs)
    )
    files = [path for path in tmp_path.iterdir() if path.name != "emodb"]
    assert len(files) == 2 + ended.count("exit 0")
    whole = digests(tmp_path / "emodb.h5.whole")
    assert len(whole) == 12
    assert [path.name for path in files if digests(path) != whole] == []
    words = tokens(tmp_path / "emodb.h5.whole")
    assert all(first for first, *_ in words)
    assert [path.name for path in files if tokens(path) != words] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_command_cleanly(
    number: int, options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, encode = iter(range(100)), LogMel.encode

    def signalled(self: LogMel, batch: list[np.ndarray]) -> list[dict[str, np.ndarray]]:
        if next(calls) == 5:
            signal.raise_signal(number)
        return encode(self, batch)

    monkeypatch.setattr(LogMel, "encode", signalled)
    ended = CliRunner().invoke(main, options)
    assert ended.exit_code == 128 + number
    assert "The same command continues from here" in ended.output
    assert len(parts(tmp_path)) == 5
    assert not list(tmp_path.glob("*.lock"))


def test_the_command_continues_if_nobody_reads_its_output(
    options: list[str], tmp_path: Path
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-c", COMMAND, *options], env=ENVIRONMENT, stdout=writing
    )
    os.close(writing)
    assert ended.returncode == 0
    assert len(digests(tmp_path / "emodb.h5")) == 12


@pytest.mark.parametrize(("limit", "kept"), [(1_000, 0), (9_000, 12)])
def test_a_full_disk_keeps_finished_batches(
    limit: int, kept: int, options: list[str], tmp_path: Path
) -> None:
    ended = run("-c", LIMITED, str(limit), *options)
    assert ended.returncode == 2, ended.stderr
    assert "there is no room to write" in ended.stderr and "Traceback" not in ended.stderr
    assert len(parts(tmp_path)) == kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["emodb", "emodb.h5.parts"]
    assert not list(tmp_path.rglob(f"*{MARK}"))
    again = CliRunner().invoke(main, options)
    assert ("12 utterances taken over from an earlier run" in again.output) == (kept == 12)
    assert len(digests(tmp_path / "emodb.h5")) == 12
