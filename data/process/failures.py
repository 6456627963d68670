"""Exit codes and messages of a command that fails."""

import errno
import os
import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import click

from mdat_data.errors import InputError
from mdat_data.process.output import NO_ROOM
from mdat_data.process.signals import Ended, ended_by_signals

DISK_ERRORS = (*NO_ROOM, errno.EIO)
"""What a program cannot help: there is no room, or the disk fails."""


class Failure(click.ClickException):
    """An error message without a traceback.

    Args:
        message: The text that is printed.
        exit_code: Exit code of the command.
    """

    def __init__(self, message: str, *, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the instance too

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message, unless the terminal is closed."""
        with suppress(OSError):
            super().show(file)


@contextmanager
def clear_failures(*, extra: str, packages: Collection[str], interrupted: str) -> Iterator[None]:
    """Turn errors that the user can correct into messages; others keep their traceback.

    Args:
        extra: The extra of this package that installs what the command needs.
        packages: The import names of what it installs.
        interrupted: The message after Ctrl-C, or after a signal that ends the process.

    Raises:
        Failure: With exit code 2 for an `InputError`, a missing permission and a full disk, 1 for
            a missing package, 130 for Ctrl-C and 128 + n for signal n.
    """
    try:
        with ended_by_signals():
            yield
    except InputError as error:
        raise Failure(str(error), exit_code=2) from error
    except PermissionError as error:
        message = f"expected access to {error.filename or 'a file'}, got: {error.strerror}. "
        raise Failure(
            f"{message}Change its permissions, or choose another path.", exit_code=2
        ) from error
    except OSError as error:
        if error.errno not in DISK_ERRORS:
            raise
        message = f"{error.filename or 'a file'} cannot be written: {os.strerror(error.errno)}. "
        raise Failure(
            f"{message}What is finished is kept. Make room on that disk (or raise the quota or "
            "limit) and repeat the command.",
            exit_code=2,
        ) from error
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in packages:
            raise
        message = f"the package {error.name} is not installed. Install what the command needs: "
        raise Failure(f'{message}pip install "mdat-keras[{extra}]"', exit_code=1) from error
    except KeyboardInterrupt as error:
        number = error.number if isinstance(error, Ended) else signal.SIGINT
        raise Failure(interrupted, exit_code=128 + number) from None
