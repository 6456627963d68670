"""Printing never ends a command."""

import io
import os
import subprocess
import sys

import pytest

from mdat_data.process.printing import say

SAY = "from mdat_data.process.printing import say; say('one'); say('two'); open('done', 'w')"


def test_a_text_is_a_line(capsys):
    say("one\ntwo ± →")
    assert capsys.readouterr().out == "one\ntwo ± →\n"


@pytest.mark.parametrize(
    ("text", "printed"),
    [("± ängstlich", r"\xb1 \xe4ngstlich"), ("\x1b[31m", r"\x1b[31m"), ("\udcff", r"\udcff")],
)
def test_what_the_terminal_cannot_show_is_written_as_python_does(monkeypatch, text, printed):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    say(text)
    assert written.getvalue().decode() == f"{printed}\n"


@pytest.mark.skipif(os.name != "posix", reason="/dev/full")
@pytest.mark.parametrize("to", ["> /dev/full", "| head -c 0"])
def test_a_closed_pipe_and_a_full_disk_end_the_output_alone(tmp_path, to):
    command = f'sleep 0.2; exec "{sys.executable}" -c "{SAY}"'
    done = subprocess.run(
        ["bash", "-c", f"({command}) {to}"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert (tmp_path / "done").exists()
    assert done.stderr == ""
