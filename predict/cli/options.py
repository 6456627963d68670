"""The options of mdat-predict."""

from collections.abc import Callable
from typing import Any

import click

from mdat_data.process.paths import UsablePath
from mdat_predict.config import SEGMENTS, PredictConfig
from mdat_predict.formats import FORMATS

DEFAULT = PredictConfig()

_PREDICTION = [
    click.option(
        "--microphone",
        type=click.FloatRange(min=0.1, max=3600),
        metavar="SECONDS",
        show_default="none",
        help="Record from the microphone for this number of seconds, and predict what it heard.",
    ),
    click.option(
        "--with",
        "with_",
        multiple=True,
        type=UsablePath(file_okay=False),
        metavar="RUN",
        help="Another run of the same classes, whose probabilities are averaged with those of RUN; "
        "may be repeated.",
    ),
    click.option(
        "--segments",
        type=click.Choice(SEGMENTS),
        show_default="auto; whole where there are transcripts, and for manifests",
        help="auto: where speech is found, by Silero's model; fixed: windows; whole: each "
        "recording as one segment, of long ones the beginning.",
    ),
    click.option(
        "--window",
        type=float,
        default=DEFAULT.window,
        help="Length of the windows of --segments fixed, in seconds.",
    ),
    click.option(
        "--hop",
        type=float,
        show_default="--window",
        help="Seconds from the beginning of a window to that of the next.",
    ),
    click.option(
        "--transcripts",
        type=UsablePath(dir_okay=False),
        metavar="FILE.tsv",
        help="Table with the columns id and text, separated by tabs. An id is that of an utterance "
        "of a manifest, the path of a recording, or the name of its file.",
    ),
    click.option(
        "--asr",
        metavar="MODEL",
        help="Folder or id of a CTC (wav2vec2, …) or Whisper model that recognises what is said in "
        "each segment without a transcript.",
    ),
    click.option(
        "--language",
        metavar="CODE",
        help="Language of the recordings (de, ur, …) for --asr. Default: that of the manifest.",
    ),
    click.option(
        "--rescale",
        is_flag=True,
        help="Scale features by the mean and standard deviation of all these recordings, not by "
        "those saved with the model. It encodes everything twice.",
    ),
    click.option(
        "--reject",
        type=click.FloatRange(0, 1),
        default=0.0,
        help="Below this probability the answer is uncertain.",
    ),
    click.option(
        "--score",
        is_flag=True,
        help="INPUT is labelled: a manifest, a database, or a features file, which needs no "
        "encoder. Print the metrics that a run prints, instead of predictions.",
    ),
    click.option(
        "--explain",
        type=UsablePath(file_okay=False),
        metavar="DIR",
        show_default="none",
        help="New folder for a picture of each segment: how far the probability of its emotion "
        "falls when 100 ms of the speech, or a token, are masked.",
    ),
    click.option(
        "--check-explanations",
        is_flag=True,
        help="With --score and a features file: what is left of the probability and of the UA "
        "without the frames that matter most, against the loudest and against random ones.",
    ),
    click.option(
        "--root",
        type=UsablePath(file_okay=False),
        metavar="FOLDER",
        show_default="none; logmel has the energy in its features",
        help="Folder of the recordings, for the loudest frames of --check-explanations.",
    ),
    click.option(
        "--format",
        type=click.Choice(list(FORMATS)),
        show_default="by the end of --out, else table",
        help="Format of the output. JSON Lines are written as segments finish.",
    ),
    click.option(
        "--out",
        type=UsablePath(),
        show_default="none, it is printed",
        help="File to write, such as emotions.csv; of the formats textgrid and elan, for several "
        "recordings, and of audformat, a new folder.",
    ),
    click.option(
        "--batch-seconds",
        type=float,
        default=DEFAULT.batch_seconds,
        help="Seconds of audio that are encoded together, padding included.",
    ),
    click.option(
        "--device",
        default="auto",
        help="Of the encoders: cpu, cuda, cuda:1, …; auto is cuda if available, else cpu.",
    ),
    click.option(
        "--speech-encoder",
        metavar="FOLDER",
        show_default="by its id and revision",
        help="Where the speech encoder of the model lies.",
    ),
    click.option(
        "--text-encoder",
        metavar="FOLDER",
        show_default="by its id and revision",
        help="Where the text encoder of the model lies.",
    ),
]


def prediction_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of mdat-predict to a command."""
    for option in reversed(_PREDICTION):
        command = option(command)
    return command
