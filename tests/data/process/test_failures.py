"""Exit codes and messages of a command that fails."""

import errno
import io
import os

import click
import pytest
from click.testing import CliRunner

from mdat_data import InputError
from mdat_data.process.failures import Failure, clear_failures
from mdat_data.process.signals import Ended


def end(error: BaseException | None) -> tuple[int, str]:
    """Exit code and output of a command that raises an error, or none."""

    @click.command()
    def command() -> None:
        with clear_failures(extra="train", packages=("keras",), interrupted="stopped."):
            if error is not None:
                raise error

    done = CliRunner().invoke(command)
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (InputError("no such file. Make one."), 2, "Error: no such file. Make one.\n"),
        (KeyboardInterrupt(), 130, "Error: stopped.\n"),
        (Ended(15), 143, "Error: stopped.\n"),
        *(
            (
                OSError(number, "…", "out.h5"),
                2,
                f"Error: out.h5 cannot be written: {os.strerror(number)}. What is finished is "
                "kept. Make room on that disk (or raise the quota or limit) and repeat the "
                "command.\n",
            )
            for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "locked/emodb"),
            2,
            "Error: expected access to locked/emodb, got: Permission denied. Change its "
            "permissions, or choose another path.\n",
        ),
        (
            ModuleNotFoundError("…", name="keras.saving"),
            1,
            "Error: the package keras.saving is not installed. Install what the command needs: "
            'pip install "mdat-keras[train]"\n',
        ),
    ],
)
def test_errors_that_the_user_can_correct_are_messages(error, code, message):
    assert end(error) == (code, message)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a bug"),
        OSError(errno.EBADF, "a bug"),
        ModuleNotFoundError("…", name="kerasx"),
        ModuleNotFoundError("…"),
    ],
)
def test_any_other_error_is_a_bug_and_passes_through(error):
    with (
        pytest.raises(type(error)) as raised,
        clear_failures(extra="train", packages=("keras",), interrupted=""),
    ):
        raise error
    assert raised.value is error


def test_success_ends_with_exit_code_0_and_no_message():
    assert end(None) == (0, "")


def test_a_failure_keeps_its_cause():
    cause = InputError("no")
    with (
        pytest.raises(Failure) as raised,
        clear_failures(extra="train", packages=(), interrupted=""),
    ):
        raise cause
    assert raised.value.__cause__ is cause


def test_a_closed_terminal_is_not_another_failure():
    class Lost(io.StringIO):
        def write(self, text):
            raise OSError("the terminal is gone")

    Failure("no", exit_code=2).show(Lost())
