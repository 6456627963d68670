"""A few hundred inputs of the fuzz benchmark: none ends in a traceback or leaves a part behind."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "fuzz.py"


@pytest.mark.fuzz
def test_damaged_files_and_random_options_are_accepted_or_refused(tmp_path):
    # A process of its own: it forks, which a process with the threads of TensorFlow must not do.
    call = [sys.executable, SCRIPT, "--inputs=300", "--processes=1"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "300 inputs in" in done.stdout
