"""The pages that people read, what stands in them, and the commands that they name."""

import configparser
import re
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg", encoding="utf-8")
REPORTS = ROOT / "docs/results"
"""What commands wrote."""

PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted((ROOT / "docs").rglob("*.md")),
    )
    if REPORTS not in path.parents
}
"""Path in the repository -> text."""


def blocks(text: str, language: str) -> list[str]:
    """The code of a language in a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def calls(text: str) -> list[str]:
    """What is typed at the prompts of a page, without the folder of the commands."""
    lines = [line for block in blocks(text, "console") for line in block.splitlines()]
    typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    return [line.removeprefix(".venv/bin/") for line in typed]


def scripts(text: str) -> list[str]:
    """The commands of the shell scripts of a page, one line each, with values for variables."""
    lines = "".join(blocks(text, "bash")).replace("\\\n", "").splitlines()
    return [re.sub(r"\$\w+", "1", line) for line in lines if line and not line.startswith("#")]


def _commands() -> Iterator[tuple[str, click.Command]]:
    for script in distribution("mdat-keras").entry_points.select(group="console_scripts"):
        command = script.load()
        if isinstance(command, click.Group):
            yield from ((f"{script.name} {sub}", of) for sub, of in command.commands.items())
        else:
            yield script.name, command


COMMANDS = dict(_commands())
"""What is typed -> every command and subcommand."""


def command_of(call: str) -> str:
    """The command of a call, with its subcommand."""
    [found] = [name for name in COMMANDS if call == name or call.startswith(f"{name} ")]
    return found
