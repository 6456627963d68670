"""What protects the page: other sites can neither use it nor stand in it."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mdat_predict.page.limits import TOO_LARGE, Limits

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "media-src blob:; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
FORBIDDEN = 403


class Guard:
    """Refuses requests that a page of another site makes, and adds headers to every answer.

    A browser names the site of the page in `Origin`; programs name none.

    Args:
        app: What answers the requests.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None or origin.partition("://")[2] == headers.get("host"):
            await self.app(scope, receive, guarded)
            return
        error = f"expected a request of this page or of a program, got one of a page of {origin}."
        await JSONResponse({"error": error}, FORBIDDEN)(scope, receive, guarded)


class SizeLimit:
    """Refuses uploads that are too large: at once where they say so, else when they are.

    Args:
        app: What answers the requests.
        limits: The limits of the page.
    """

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        said = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        size = int(said) if said.isdecimal() else 0
        received = 0

        async def counted() -> Message:
            nonlocal received
            self._refuse(size)
            message = await receive()
            received += len(message.get("body", b""))
            self._refuse(received)
            return message

        await self.app(scope, counted, send)

    def _refuse(self, size: int) -> None:
        if size > self.limits.bytes:
            raise HTTPException(
                TOO_LARGE,
                f"expected at most {self.limits.max_megabytes:g} megabytes, got more. Send less "
                "at once, or start mdat-serve with a larger --max-megabytes.",
            )
