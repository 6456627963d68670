"""A few of the kills of the benchmark: nothing is damaged, changed or left behind."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "kills.py"


def test_killed_commands_finish_with_the_same_output(tmp_path):
    # A process of its own: it forks, which a process with the threads of TensorFlow must not do.
    call = [sys.executable, SCRIPT, "--extract=4", "--train=1", "--tables=0"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 kills in" in done.stdout and "0 faults" in done.stdout
    rows = [line.split(" | ") for line in done.stdout.splitlines() if line.endswith("| yes |")]
    assert len(rows) == 5
    assert any(int(late) for _, _, late, *_ in rows)
