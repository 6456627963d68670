"""The command mdat-serve."""

import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mdat_data.errors import InputError
from mdat_data.process.failures import clear_failures
from mdat_data.process.paths import UsablePath
from mdat_data.process.printing import say
from mdat_predict.cli.predict import PACKAGES as PREDICTING
from mdat_predict.cli.predict import main as predict
from mdat_predict.config import PredictConfig
from mdat_predict.page.limits import Limits

if TYPE_CHECKING:
    from mdat_predict.model import Model

PACKAGES = (*PREDICTING, "starlette", "uvicorn", "multipart", "anyio")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::", "")
DEFAULT = Limits()
SHARED = (
    *("with_", "segments", "window", "hop", "asr", "language", "reject", "batch_seconds"),
    *("device", "speech_encoder", "text_encoder"),
)
"""Options of mdat-predict that have the same meaning here."""


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@click.argument("run", type=UsablePath(file_okay=False))
@click.option("--host", default=LOOPBACK[1], help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    help="Port to listen on; 0 takes one that is free.",
)
@click.option(
    "--max-seconds",
    type=float,
    default=DEFAULT.max_seconds,
    help="Duration of the longest recording.",
)
@click.option(
    "--max-megabytes",
    type=float,
    default=DEFAULT.max_megabytes,
    help="Size of the largest upload.",
)
@click.version_option(package_name="mdat-keras")
def main(**options: Any) -> None:
    """Open a page on which recordings are predicted by the model of a run.

    RUN is a folder that mdat-train wrote, or hf://USER/NAME on the Hugging Face Hub. Record on the
    page, or drop files on it; see, hear and correct what is predicted; and save it. Programs use
    POST /api/predict, which the page explains. Ctrl-C ends it.

    Recordings are not kept. Only this machine can open the page, unless --host says otherwise.
    """
    with clear_failures(extra="predict,page", packages=PACKAGES, interrupted="interrupted."):
        _serve(**options)


main.params += [option for option in predict.params if option.name in SHARED]


def _serve(
    run: Path,
    host: str,
    port: int,
    max_seconds: float,
    max_megabytes: float,
    with_: tuple[Path, ...],
    reject: float,
    device: str,
    speech_encoder: str | None,
    text_encoder: str | None,
    **options: Any,
) -> None:
    limits = Limits(max_seconds=max_seconds, max_megabytes=max_megabytes)
    config = PredictConfig(**options)
    import uvicorn

    from mdat_predict.model import load
    from mdat_predict.page.app import make_app
    from mdat_predict.page.service import Service

    with _listening(host, port) as listener:
        encoders = {"speech_encoder": speech_encoder, "text_encoder": text_encoder}
        model = load(run, *with_, device=device, **encoders)
        _warm_up(model, config)
        service = Service(model, config=config, limits=limits, reject=reject)
        app = make_app(service, limits=limits, hosts=_names(host))
        if host not in LOOPBACK:
            click.echo(
                "whoever reaches this machine can use the page: it has no password", err=True
            )
        say(f"{_address(host, listener)} (Ctrl-C ends it)")
        with suppress(KeyboardInterrupt):
            server = uvicorn.Config(
                app, log_level="warning", server_header=False, timeout_graceful_shutdown=1
            )
            uvicorn.Server(server).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """Take the port before minutes of loading."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"expected an address of this machine and a free port, got --host {host} --port "
            f"{port}: {error}. Choose another --port; 0 takes one that is free."
        ) from error


def _warm_up(model: "Model", config: PredictConfig) -> None:
    """Load encoders and recogniser: what is wrong with them is for whoever starts the page."""
    import numpy as np

    from mdat_extract.config import SAMPLING_RATE

    streams = [set(member.description.streams) for member in model.members]
    if {"text"} in streams and not config.asr:
        raise InputError(
            "the model reads words alone, so expected --asr MODEL, which recognises them; got none."
        )
    if config.asr:
        model.recognition(config.asr).load()
    model.probabilities([np.sin(np.arange(SAMPLING_RATE) / 10).astype(np.float32)], [""])


def _names(host: str) -> list[str]:
    """The names by which a browser may call this machine."""
    return ["*"] if host in EVERYWHERE else [*LOOPBACK, "[::1]", host, f"[{host}]"]


def _address(host: str, listener: socket.socket) -> str:
    shown = LOOPBACK[0] if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}"
