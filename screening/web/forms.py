"""Plain pages and forms of our own, beside Streamlit: what they look like, and that a form was sent from our own page.

A form carries a token made from the browser's `visitor` cookie with a key of the server. Another site can neither read
the cookie nor make the token, and the browser tells where a form came from.
"""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from screening.records.accounts.account import Origin
from screening.web.browsers import Browser, same_origin

LARGEST = 8_192
"""Bytes of a form's body."""


class FormRefused(Exception):
    """A form that is not looked at. status: of the answer; words: one plain sentence."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


def browser_of(request: Request) -> Browser:
    """Who a request comes from, as the front found it."""
    browser: Browser = request.scope["browser"]
    return browser


def origin_of(request: Request) -> Origin:
    """Where a try comes from."""
    browser = browser_of(request)
    return Origin(browser.network, browser.known, browser.staff_session)


class Pages:
    """The plain pages. key: 32 bytes that the tokens of forms are made with; shared: what every page may say."""

    def __init__(self, key: bytes, **shared: Any) -> None:
        self._key, self._shared = key, shared
        self._jinja = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
        )

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page. `problem`: what is wrong, shown above everything else."""
        known = {"problem": "", "end": "", "csrf": self._token(request), **self._shared, **values}
        return HTMLResponse(self._jinja.get_template(template).render(known), status)

    def refusal(self, request: Request, refused: FormRefused) -> Response:
        """The page for a form that was not looked at."""
        return self.page(request, "plain.html", refused.status, heading="This did not work", words=refused.words)

    async def form(self, request: Request) -> dict[str, str]:
        """The fields of a form that our own page sent. Raises FormRefused."""
        if not same_origin(request.scope["headers"]):
            raise FormRefused(403, "This form did not come from our own page.")
        if request.headers.get("content-type", "").split(";")[0].strip() != "application/x-www-form-urlencoded":
            raise FormRefused(415, "This is not a form.")
        body = b""
        try:
            async for piece in request.stream():
                body += piece
                if len(body) > LARGEST:
                    raise FormRefused(413, "This form is too large.")
        except ClientDisconnect:
            raise FormRefused(400, "The form did not arrive whole.") from None
        try:
            fields = dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=16))
        except ValueError:
            raise FormRefused(400, "This is not a form.") from None
        if not hmac.compare_digest(
            fields.get("csrf", "").encode("utf-8", "surrogatepass"), self._token(request).encode()
        ):
            raise FormRefused(
                403, "This page was open too long, or your browser keeps no cookies. Please try once more."
            )
        return fields

    def _token(self, request: Request) -> str:
        return hmac.new(self._key, request.scope["browser"].token.encode(), "sha256").hexdigest()
