"""Every address that this server answers, in one table. Others answer 404: media, uploads, metrics, agents."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Side = Literal["everybody", "staff"]
_ANY = "{token}"
_LONGEST = 200
_READ, _FORM = ("GET", "HEAD"), ("GET", "POST")


@dataclass(frozen=True)
class Address:
    """One address, or one for each of many tokens. side: for whom it is there; page: whether a browser shows it, and so
    is given a cookie with it."""

    path: str
    methods: tuple[str, ...] = _READ
    side: Side = "everybody"
    page: bool = False

    def answered_by(self, answer: Callable[[Request], Awaitable[Response]]) -> Route:
        """The route at this address."""
        return Route(self.path, answer, methods=[method for method in self.methods if method != "HEAD"])

    def matches(self, path: str) -> bool:
        """Whether a request's path is this address."""
        if _ANY not in self.path:
            return path == self.path
        return re.fullmatch(re.escape(self.path).replace(re.escape(_ANY), r"[\w-]{43}"), path) is not None


READY = Address("/ready")
TAKE = Address("/take/{token}", ("GET",))  # a look ahead (HEAD) must not use up a ticket
FRESH = Address("/fresh", ("POST",))
PROOF = Address("/proof", ("POST",))
SIGN_IN = Address("/sign-in", _FORM, "staff", page=True)
NEW_PASSWORD = Address("/sign-in/new/{token}", _FORM, "staff", page=True)
TO_SERVICE = Address("/sign-in/oidc", ("GET",), "staff", page=True)
FROM_SERVICE = Address("/sign-in/callback", ("GET",), "staff", page=True)
SECOND_STEP = Address("/sign-in/second-step", _FORM, "staff", page=True)
OWN_ACCOUNT = Address("/sign-in/account", _FORM, "staff", page=True)
SIGN_OUT = Address("/sign-out", _FORM, "staff", page=True)
_OURS = (READY, TAKE, FRESH, PROOF, SIGN_IN, NEW_PASSWORD, TO_SERVICE, FROM_SERVICE, SECOND_STEP, OWN_ACCOUNT, SIGN_OUT)
_STREAMLIT = (Address("/_stcore/health"), Address("/_stcore/host-config"), Address("/favicon.png"))
STREAM = "/_stcore/stream"
"""The only address of a socket."""


class Routes:
    """What one process answers. pages: the names of its pages of Streamlit; staff: whether staff sign in here."""

    def __init__(self, pages: Iterable[str], staff: bool) -> None:
        self._pages, self.staff = frozenset(pages), staff
        self._addresses = [one for one in (*_OURS, *_STREAMLIT) if staff or one.side != "staff"]

    def find(self, path: str) -> Address | None:
        """The address of a request's path; None if there is none."""
        if len(path) > _LONGEST:
            return None
        if path.strip("/") in self._pages:
            return Address(path, page=True)
        return next((one for one in self._addresses if one.matches(path)), None)
