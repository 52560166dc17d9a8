"""The route by which a browser that was used by one person becomes one that nobody knows: at the end, or on "clear"."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from screening.web.browsers import VISITOR, Cookies, same_origin


class Fresh:
    """Gives a new cookie and lets the browser forget what it kept of this site. Only for pages of this host."""

    def __init__(self, cookies: Cookies) -> None:
        self._cookies = cookies

    async def answer(self, request: Request) -> Response:
        """The answer to a page that asks for it."""
        if not same_origin(request.scope["headers"]):
            return PlainTextResponse("Refused.\n", 403)
        answer = Response(status_code=204, headers={"Clear-Site-Data": '"cache", "storage"'})
        cookie = self._cookies.set(request.scope["browser"], VISITOR, self._cookies.fresh())
        answer.raw_headers.append((b"set-cookie", cookie))
        return answer
