"""Answers the requests of the HTTP interface."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from mdat_data.errors import InputError
from mdat_predict.config import PredictConfig
from mdat_predict.model import Model
from mdat_predict.page import answers
from mdat_predict.page.downloads import write_download
from mdat_predict.page.labelled import write_labelled
from mdat_predict.page.limits import Limits
from mdat_predict.page.reviewed import reviewed
from mdat_predict.page.uploads import Upload, uploads


class Service:
    """Answers visitors and programs. Nothing of theirs is kept after an answer.

    Args:
        model: The model. It predicts one recording at a time, while other requests wait.
        config: How recordings are divided, and who recognises their words.
        limits: How much is taken at once.
        reject: Lowest probability of an answer.
    """

    def __init__(
        self, model: Model, *, config: PredictConfig, limits: Limits, reject: float = 0.0
    ) -> None:
        self._model = model
        self._config = config
        self._limits = limits
        self._reject = reject
        self._turn = CapacityLimiter(1)

    async def model(self, request: Request) -> Response:
        """Describe the model and the limits."""
        given = self._model, self._config, self._limits
        return JSONResponse(await run_in_threadpool(answers.description, *given))

    async def predict(self, request: Request) -> Response:
        """Predict one recording."""
        async with uploads(request) as (files, _):
            given = self._model, _only(files), self._config, self._limits
            return await self._alone(partial(answers.prediction, *given, reject=self._reject))

    async def explain(self, request: Request) -> Response:
        """Explain what is predicted for a segment."""
        async with uploads(request) as (files, fields):
            given = self._model, _only(files), fields, self._limits
            return await self._alone(partial(answers.explanation, *given))

    async def labelled(self, request: Request) -> Response:
        """Make a corpus of the labelled segments of recordings."""
        async with uploads(request) as (files, form):
            given = reviewed(str(form.get("recordings")), self._model.classes)

            def write(folder: Path) -> Path:
                out, of = folder / "labelled.zip", self._model.members[0].description
                seconds = self._limits.max_seconds
                write_labelled(files, given, out, of=of, max_seconds=seconds)
                return out

            return await _file(write)

    async def download(self, request: Request) -> Response:
        """Write predictions in a format."""
        given = reviewed(await request.body(), self._model.classes)
        predictions = [each.prediction for each in given]
        return await _file(partial(write_download, request.path_params["format"], predictions))

    async def _alone(self, work: Callable[[], Any]) -> Response:
        """Work while nobody else uses the model. Who stops the server does not wait for it."""
        return JSONResponse(
            await to_thread.run_sync(work, limiter=self._turn, abandon_on_cancel=True)
        )


def _only(files: list[Upload]) -> Upload:
    if len(files) > 1:
        raise InputError(
            f"expected one recording, got {len(files)}. Send each in a request of its own."
        )
    return files[0]


async def _file(write: Callable[[Path], Path]) -> Response:
    """A file that is written into an empty folder, which disappears when the file is sent."""
    folder = TemporaryDirectory(prefix="mdat-serve-")
    try:
        out = await run_in_threadpool(write, Path(folder.name))
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(out, filename=out.name, background=BackgroundTask(folder.cleanup))
