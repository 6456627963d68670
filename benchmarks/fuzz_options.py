"""Random values of the options of all commands, for `fuzz.py`."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import click
from fuzz_files import OFFLINE, TRAIN, World, called

from mdat_extract.cli.extract import main as extract
from mdat_extract.cli.features import main as features
from mdat_train.cli.tables import main as tables
from mdat_train.cli.train import main as train


def words(text: str) -> tuple[str, ...]:
    """Values separated by blanks."""
    return tuple(text.split())


NUMBERS = (*words("0 1 2 -1 nan inf -inf 1e999 1e-320 two 1,0 0x10"), "", " ")
HUGE = ("4294967296", "2147483648", "9" * 30)
"""Not for options that count work: these are valid there, and take for ever."""

WORDS = (
    *words(
        "none all last middle mix 0 -1 None ../x , a,,b angry,sad angry=sad a=b=c angry= =angry"
    ),
    *words("1/2 3/2 0/0 K/N a@b hf://x C:\\corpora\\x $\\frac$ ü u\u0308 💥 \udcff %s"),
    *("", " ", "x\ny", "\x1b[31m", "x" * 300),
)
PATHS = (
    *words(". .. / /proc/x /dev/null /dev/full absent absent/x.h5 ~/absent a,b.h5 C:\\x.h5 -"),
    *("manifest.csv", "emodb.h5", "folder", "", " ", "x" * 300),
)

WORK = {"seeds", "folds", "shot_draws", "epochs", "adapt_epochs", "jobs", "count", "limit"}
NETWORKS = {"bilstm", "safrlm", "hcam", "mdat", "linear"}
"""They import Keras, which takes seconds; their options are checked before."""

WITHOUT = {"help", "version", "engine", "asr", "speech_encoder", "text_encoder", "device"}
"""They end the command, or look for a computer or a model elsewhere."""


@dataclass(frozen=True)
class Called:
    """A command with arguments that it accepts."""

    command: click.Command
    arguments: tuple[str, ...]
    options: Mapping[str, click.Parameter]


def commands(world: World) -> dict[str, Called]:
    """Name -> command; the arguments are those of a short, valid call."""
    folder, file = world.folder, str(world.features)
    corpus = (f"--corpus={world.manifest}", f"--root={folder}", *OFFLINE)
    given: dict[str, tuple[click.Command, tuple[str, ...]]] = {
        "mdat-extract": (extract, (*corpus, "--out=made.h5")),
        "mdat-train": (train, (f"--source={file}", *TRAIN, "--out=trained")),
        "mdat-train, target": (
            train,
            (f"--source={file}", f"--target={folder / 'urdu.h5'}", *TRAIN, "--out=trained"),
        ),
        "mdat-tables": (
            tables,
            (
                *(f"--caches={folder}", "--models=svm", "--only=II", "--protocol=strict"),
                *("--folds=2", "--seeds=1", "--out=report"),
            ),
        ),
        "mdat-features info": (features, ("info", file)),
        "mdat-features check": (features, ("check", file)),
        "mdat-features verify": (
            features,
            ("verify", file, "--count=1", f"--corpus={world.manifest}"),
        ),
        "mdat-features merge": (features, ("merge", *map(str, world.shards), "--out=merged.h5")),
    }
    return {name: Called(*both, options(*both)) for name, both in given.items()}


def options(command: click.Command, arguments: tuple[str, ...]) -> dict[str, click.Parameter]:
    """The options of a command, or of its subcommand, that are tried."""
    if isinstance(command, click.Group):
        command = command.commands[arguments[0]]
    return {str(p.name): p for p in command.params if p.name not in WITHOUT}


def value(name: str, parameter: click.Parameter, rng: random.Random) -> str:
    """A value for an option, seldom a valid one."""
    kind = parameter.type
    if isinstance(kind, click.Choice) and rng.random() < 0.5:
        return rng.choice([c for c in kind.choices if c not in NETWORKS])
    if isinstance(kind, click.Path) and rng.random() < 0.8:
        return rng.choice(PATHS)
    numeric = isinstance(kind, (type(click.INT), type(click.FLOAT)))
    if numeric and rng.random() < 0.8:
        return rng.choice(NUMBERS if name in WORK else NUMBERS + HUGE)
    return rng.choice(WORDS)


def attempt(all_of: Mapping[str, Called], rng: random.Random) -> tuple[str, Callable[[], None]]:
    """Choose a command and change some of its options.

    Returns:
        The command's name, and a function that calls it. It raises `RefusedError` where the options
        are refused.
    """
    kind = rng.choice(list(all_of))
    of = all_of[kind]
    arguments = list(of.arguments)
    for name, parameter in rng.sample(
        sorted(of.options.items()), min(len(of.options), rng.randint(1, 2))
    ):
        chosen = value(name, parameter, rng)
        if isinstance(parameter, click.Argument):
            arguments[1] = chosen
            continue
        option = parameter.opts[0]
        if not parameter.multiple:
            arguments = [given for given in arguments if not given.startswith(f"{option}=")]
        arguments.append(f"{option}={chosen}")
    return kind, lambda: called(of.command, *arguments)
