"""What both commands print."""

import os
import sys

import click


def say(text: str) -> None:
    """Print a text. If nobody reads the output any more, the work continues all the same."""
    try:
        click.echo(text)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
