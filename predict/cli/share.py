"""The command mdat-share."""

from collections.abc import Sequence
from pathlib import Path

import click

from mdat_data.process.failures import clear_failures
from mdat_data.process.paths import UsablePath
from mdat_data.process.printing import say

INTERRUPTED = "interrupted. The same command starts again."
PERSONAL = {
    "config.json": "the paths of your features files",
    "predictions.csv": "ids, speakers and labels of the test utterances",
    "provenance.json": "the paths of your features files",
    "splits.json": "ids of the utterances",
}
"""File -> what it tells that one may not want, or not be allowed, to publish."""


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@click.argument("run", type=UsablePath(file_okay=False))
@click.argument("repository", metavar="USER/NAME")
@click.option("--public", is_flag=True, help="Everybody may see it; else only you.")
@click.option(
    "--model-only",
    is_flag=True,
    help="Share the model and its card, and nothing about single utterances.",
)
@click.option(
    "--licence",
    default="unknown",
    metavar="ID",
    help="Licence of the model, as the Hub calls it, such as cc-by-4.0. Those of the corpora, "
    "which the card names, may restrict it.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.version_option(package_name="mdat-keras")
def main(
    run: Path, repository: str, public: bool, model_only: bool, licence: str, yes: bool
) -> None:
    """Put the folder of a run on the Hugging Face Hub.

    RUN is a folder that mdat-train wrote, and USER/NAME the repository, which is made if it does
    not exist. MODEL_CARD.md becomes its README.md. What is uploaded is listed before. Log in once
    with hf auth login.

    The model is then used as hf://USER/NAME in the place of a folder.
    """
    with clear_failures(extra="hub", packages=("huggingface_hub",), interrupted=INTERRUPTED):
        from mdat_predict.hub import share, shareable

        files = shareable(run, model_only=model_only)
        say(_listing(files, f"the {'public' if public else 'private'} repository {repository}"))
        if yes or click.confirm("Upload them?"):
            say(f"shared: {share(files, repository, public=public, licence=licence)}")


def _listing(files: Sequence[Path], place: str) -> str:
    """The files with their sizes, and what they tell."""
    sizes = [path.stat().st_size / 1e6 for path in files]
    lines = [
        f"  {'README.md' if path.name == 'MODEL_CARD.md' else path.name:<18}{size:9.3f} MB"
        + (f"  {PERSONAL[path.name]}" if path.name in PERSONAL else "")
        for path, size in zip(files, sizes, strict=True)
    ]
    head = f"{len(files)} files, {sum(sizes):.1f} MB, for {place}:"
    return "\n".join([head, *lines])
