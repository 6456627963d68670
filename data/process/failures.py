"""How a command ends when something goes wrong."""

import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import click

from mdat_data.errors import InputError
from mdat_data.process.signals import Ended, ended_by_signals


class Failure(click.ClickException):
    """An error message without a traceback.

    Args:
        message: What is printed.
        exit_code: With which the command ends.
    """

    def __init__(self, message: str, *, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the instance too

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message, where anybody can still read it."""
        with suppress(OSError):
            super().show(file)


@contextmanager
def clear_failures(*, extra: str, packages: Collection[str], interrupted: str) -> Iterator[None]:
    """Turn what the user can mend into a message; any other exception keeps its traceback.

    Args:
        extra: Of the installation, which brings the packages that the command needs.
        packages: The names of these packages.
        interrupted: What to say after Ctrl-C, or when the system or a lost terminal ends us.

    Raises:
        Failure: With exit code 2 for an `InputError`, 1 for a missing package, 130 for Ctrl-C and
            128 + n for the signal n.
    """
    try:
        with ended_by_signals():
            yield
    except InputError as error:
        raise Failure(str(error), exit_code=2) from error
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in packages:
            raise
        message = f"the package {error.name} is not installed. Install what the command needs: "
        raise Failure(f'{message}pip install "mdat-keras[{extra}]"', exit_code=1) from error
    except KeyboardInterrupt as error:
        number = error.number if isinstance(error, Ended) else signal.SIGINT
        raise Failure(interrupted, exit_code=128 + number) from None
