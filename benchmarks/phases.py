"""Where does the time go, from the start of a command to its last file? By phase, in one run.

    python benchmarks/phases.py --source emodb.h5 --target urdu.h5

mdat-train with each model, and mdat-tables whole with one job at a time. Every command has a
process of its own. A phase has the time of its functions without that of other phases inside them;
`the rest` is what no phase names. The seconds are those of the processor, of all threads together.
"""

import functools
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from worker import Worker

from mdat_train.classifiers.models import MODELS

START, TRAINING, ADAPTATION = "start-up", "training on a source or fold", "adaptation and controls"
CALIBRATION, REST = "training for the temperature", "the rest"
FUNCTIONS = {
    START: ("mdat_train.classifiers.backend:start",),
    "reading": (
        "mdat_data.cache.reader:open_features",
        "mdat_data.cache.reader:FeaturesFile.read",
        "mdat_train.runs.folder:read_run",
    ),
    "pooling": ("mdat_train.inputs.selection:Selection.pooled",),
    "prediction": ("mdat_train.classifiers.sklearn_classifier:SklearnClassifier.predict",),
    TRAINING: ("mdat_train.experiments.recorder:Recorder.train",),
    "bootstrap": ("mdat_data.metrics.bootstrap:ua_interval",),
    "writing": (
        "mdat_train.runs.folder:save_run",
        "mdat_train.runs.folder:write_records",
        "mdat_train.tables.formats.report:write_report",
    ),
    "export": ("mdat_train.export.kept_model:onnx_file",),
}
OF_NETWORKS = {
    "tracing": (
        "mdat_train.classifiers.compiled_models:TrainableModel.__init__",
        "mdat_train.classifiers.compiled_models:TrainableModel.compile",
        "mdat_train.classifiers.compiled_models:_trace_prediction",
    ),
    "prediction": ("mdat_train.classifiers.keras_classifier:KerasClassifier.predict",),
}
"""Phase -> its functions, as `module:name`; those of networks are in modules that load Keras."""

ORDER = (START, "reading", "pooling", "tracing", TRAINING, ADAPTATION)
ORDER += ("prediction", CALIBRATION, "bootstrap", "export", "writing", REST)


@click.command()
@click.option("--source", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--target", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--models", default=",".join(MODELS), show_default=True)
@click.option("--seeds", default=1, show_default=True)
@click.option("--epochs", default=10, show_default=True, help="Of training, and of adaptation.")
@click.option("--shot-draws", default=1, show_default=True)
@click.option("--tables", default="II,IV,V", show_default=True, help="Of mdat-tables; or empty.")
def main(source: Path, target: Path, models: str, tables: str, **numbers: int) -> None:
    """Print a table of phases and commands: seconds, and their part of the command."""
    numbers["adapt_epochs"] = numbers["epochs"]
    options = [f"--{name.replace('_', '-')}={number}" for name, number in numbers.items()]
    options.append("--preset=wide")
    options.append("--adaptation=finetune")  # what mdat-tables does by default
    columns: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for model in models.split(","):
            files = [f"--source={source}", f"--target={target}", "--shots=0,5,10,15"]
            own = [*files, f"--model={model}", f"--out={folder / model}", *options]
            columns[model] = measured("mdat_train.cli.train", own, MODELS[model].has_epochs)
        if tables:
            (folder / "caches").mkdir()
            for path in (source, target):
                shutil.copy(path, folder / "caches" / path.name)
            files = [f"--caches={folder / 'caches'}", f"--out={folder / 'report'}"]
            own = [*files, f"--models={models}", f"--only={tables}", *options]
            networks = any(MODELS[model].has_epochs for model in models.split(","))
            columns["mdat-tables"] = measured("mdat_train.cli.tables", own, networks)
    for line in table(columns):
        click.echo(line)


def table(columns: dict[str, Counter[str]]) -> Iterator[str]:
    """The lines of the table."""
    yield f"| phase | {' | '.join(columns)} |"
    yield f"|---|{'---:|' * len(columns)}"
    for phase in ORDER:
        cells = (f"{of[phase]:.1f} ({of[phase] / of.total():.0%})" for of in columns.values())
        yield f"| {phase} | {' | '.join(cells)} |"
    yield f"| together | {' | '.join(f'{of.total():.1f}' for of in columns.values())} |"


def measured(module: str, arguments: Sequence[str], networks: bool) -> Counter[str]:
    """Run a command in a process of its own; returns the seconds of each phase."""
    with Worker(Phases) as phases:
        seconds: Counter[str] = phases("run", module, arguments, networks)
    return seconds


class Phases:
    """The phases of a command in this process."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._open = [REST]
        self._since = time.process_time()

    def run(self, module: str, arguments: Sequence[str], networks: bool) -> Counter[str]:
        """Run a command; returns the seconds of each phase."""
        with self._phase(START):
            functions = [*FUNCTIONS.items(), *(OF_NETWORKS.items() if networks else ())]
            if networks:
                import_module("mdat_train.classifiers.backend").start()
            command = import_module(module).main
            found = [(phase, *_found(name)) for phase, names in functions for name in names]
        for phase, owner, name in found:
            self._watch(phase, owner, name)
        with self._phase(REST):
            command(list(arguments), standalone_mode=False)
        return self.seconds

    def _watch(self, phase: str, owner: Any, name: str) -> None:
        """Measure a function in every module that has imported it."""
        plain = getattr(owner, name)

        @functools.wraps(plain)
        def watched(*arguments: Any, **options: Any) -> Any:
            with self._phase(_of_training(arguments[1]) if phase == TRAINING else phase):
                return plain(*arguments, **options)

        modules = [m for n, m in sys.modules.items() if n.startswith("mdat_")]
        for module in (owner, *modules):
            if vars(module).get(name) is plain:
                setattr(module, name, watched)

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        self._charge()
        self._open.append(name)
        try:
            yield
        finally:
            self._charge()
            self._open.pop()

    def _charge(self) -> None:
        """Add the time since the last change to the phase that was open."""
        now = time.process_time()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now


def _of_training(name: str) -> str:
    """The phase of a training, by its name."""
    if name.startswith("calibration"):
        return CALIBRATION
    return ADAPTATION if " shots, " in name else TRAINING


def _found(name: str) -> tuple[Any, str]:
    """The owner of a function, which is a module or a class, and its name there."""
    module, _, path = name.partition(":")
    *owners, last = path.split(".")
    return functools.reduce(getattr, owners, import_module(module)), last


if __name__ == "__main__":
    main()
