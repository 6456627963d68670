"""The command mdat-serve."""

import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from click.testing import CliRunner, Result
from missing_packages import HEAVY, call_without
from predictable import save_run

from mdat_predict.cli.serve import main

SERVER = ("anyio", "multipart", "starlette", "uvicorn")


def serve(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_need_nothing_heavy(argument):
    done = call_without((*HEAVY, *SERVER), "mdat_predict.cli.serve", [argument])
    assert done.returncode == 0, done.stderr


def test_a_missing_server_is_named(toy):
    done = call_without(["uvicorn"], "mdat_predict.cli.serve", [str(toy.run)])
    assert done.returncode == 1
    assert 'pip install "mdat-keras[predict,page]"' in done.stderr


def test_a_port_that_is_taken_is_refused_before_anything_is_loaded(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = serve(tmp_path, "--port", taken.getsockname()[1])
    assert result.exit_code == 2
    assert "Choose another --port" in result.output


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "::zz", "a" * 99])
def test_an_address_of_another_machine_is_refused(tmp_path, host):
    result = serve(tmp_path, "--host", host)
    assert result.exit_code == 2
    assert host in result.output


@pytest.mark.parametrize("option", ["--max-seconds", "--max-megabytes"])
@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf"])
def test_a_limit_that_is_none_is_refused(tmp_path, option, value):
    result = serve(tmp_path, option, value)
    assert result.exit_code == 2
    assert f"expected {option} to be above 0 and finite" in result.output


def test_a_model_of_words_alone_needs_a_recogniser(toy, tmp_path):
    text = ["text", "text_mask"]
    run = save_run(tmp_path / "run", toy.features, modality="text", inputs=text)
    result = serve(run, "--port", 0)
    assert result.exit_code == 2
    assert "--asr MODEL" in result.output


def test_a_missing_recogniser_is_named_before_the_page_opens(toy, tmp_path):
    result = serve(toy.run, "--port", 0, "--asr", tmp_path / "none")
    assert result.exit_code == 2, result.output
    assert str(tmp_path / "none") in "".join(result.output.split("\n"))
    assert "Ctrl-C" not in result.output


@pytest.mark.parametrize(
    ("host", "number"), [("localhost", signal.SIGINT), ("0.0.0.0", signal.SIGTERM)]
)
def test_a_page_is_served_until_it_is_ended(toy, host, number):
    code = "import sys; from mdat_predict.cli.serve import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, str(toy.run), "--host", host, "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        address = process.stdout.readline().split()[0]
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert b"Emotions in recordings" in answer.read()
        process.send_signal(number)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    assert ("no password" in told) == (host == "0.0.0.0")
    assert "Traceback" not in told
