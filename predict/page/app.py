"""The page and its HTTP interface as an ASGI application."""

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from mdat_data.errors import InputError
from mdat_predict.page.guard import Guard, SizeLimit
from mdat_predict.page.limits import Limits
from mdat_predict.page.service import Service

FILES = Path(__file__).parent
ASSETS = {path.name: path for path in FILES.iterdir() if path.suffix in (".css", ".js")}
WRONG = 400


def make_app(service: Service, *, limits: Limits, hosts: Sequence[str]) -> Starlette:
    """Make the application.

    Args:
        service: Answers the requests.
        limits: How much is taken at once.
        hosts: The names of this machine that a browser may use; `*` for any. A page of another
            site can let its own name lead to this machine (DNS rebinding), but not these.

    Returns:
        The application.
    """

    def wrong(request: Request, error: Exception) -> Response:
        return JSONResponse({"error": str(error)}, WRONG)

    def refused(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        return JSONResponse({"error": error.detail}, error.status_code)

    return Starlette(
        routes=[
            Route("/", page),
            Route("/{name}", asset),
            Route("/api/model", service.model),
            Route("/api/predict", service.predict, methods=["POST"]),
            Route("/api/explain", service.explain, methods=["POST"]),
            Route("/api/files/{format}", service.download, methods=["POST"]),
            Route("/api/labelled", service.labelled, methods=["POST"]),
        ],
        middleware=[
            Middleware(Guard),
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
            Middleware(SizeLimit, limits=limits),
        ],
        exception_handlers={InputError: wrong, HTTPException: refused},
    )


async def page(request: Request) -> Response:
    """The page."""
    return FileResponse(FILES / "page.html")


async def asset(request: Request) -> Response:
    """A file that the page loads."""
    name = request.path_params["name"]
    if name not in ASSETS:
        raise HTTPException(404, f"expected / or /api/…, got /{name}.")
    return FileResponse(ASSETS[name])
