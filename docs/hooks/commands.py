"""The reference of the commands, from the commands themselves."""

import html
import inspect
import re
from collections.abc import Iterator
from importlib.metadata import distribution

import click
from mkdocs.structure.pages import Page

PAGE = "reference/commands.md"


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Add every command to the page of the commands."""
    if page.file.src_uri != PAGE:
        return markdown
    scripts = distribution("mdat-keras").entry_points.select(group="console_scripts")
    texts = (text for script in scripts for text in _all(script.name, script.load()))
    return "\n\n".join([markdown, *texts])


def _all(name: str, command: click.Command) -> Iterator[str]:
    yield _text(name, command, level=2)
    if isinstance(command, click.Group):
        for sub, found in command.commands.items():
            yield _text(f"{name} {sub}", found, level=3)


def _text(name: str, command: click.Command, *, level: int) -> str:
    context = click.Context(command, info_name=name, **command.context_settings)
    options = [p for p in command.get_params(context) if isinstance(p, click.Option)]
    rows = [_row(*record) for p in options if (record := p.get_help_record(context))]
    usage = command.get_usage(context).removeprefix("Usage: ")
    return "\n\n".join(
        [
            f"{'#' * level} {name}",
            _escaped(inspect.cleandoc(command.help or "").replace("\b\n", "")),
            f"```text\n{usage}\n```",
            "\n".join(["| option | |", "|---|---|", *rows]),
        ]
    )


def _row(names: str, description: str) -> str:
    return f"| `{names.replace('|', ', ')}` | {_escaped(' '.join(description.split()))} |"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_|{}\[\]])", r"\\\1", html.escape(text, quote=False))
