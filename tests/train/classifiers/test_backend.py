"""The start of Keras."""

import subprocess
import sys


def start(before: str = "") -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys; {before}\nfrom mdat_train.classifiers import backend; backend.start(); "
        "print(sys.modules['keras'].backend.backend()); print('still here', file=sys.stderr)"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)


def test_a_start_is_silent_and_restores_standard_error():
    done = start()
    assert done.returncode == 0, done.stderr
    assert done.stdout == "tensorflow\n"
    assert done.stderr == "still here\n"


def test_a_start_that_fails_shows_the_reason():
    done = start("sys.modules['keras'] = None")
    assert done.returncode == 1
    assert "No module named 'keras'" in done.stderr or "import of keras halted" in done.stderr
