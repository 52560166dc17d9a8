"""Browsers in which somebody signed in before: they meet only their own count of failed tries, see attempts.py.

A browser keeps a cookie `known`: its own random name, and for each account that signed in there a mark, an HMAC that
only this server can make. The mark holds the password's hash, so that it is worth nothing after a change of password.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Any

_FORM = re.compile(r"[\w-]{22}(\.[0-9a-f]{32}){0,8}")
_MOST = 8


class KnownBrowsers:
    """Makes and reads the cookie. key: 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def browser(self, account: Any | None, known: str) -> str:
        """The browser's name, if somebody signed in with this account (its row) in it since the password was set; else
        empty."""
        browser, *marks = known.split(".")
        mark = self._mark(account, browser) if account is not None else "-"
        return (
            browser
            if any(hmac.compare_digest(mark.encode(), one.encode("utf-8", "surrogatepass")) for one in marks)
            else ""
        )

    def value(self, account: Any | None, former: str) -> str:
        """The cookie's value after a sign-in with this account. `former`: its value so far; the newest eight accounts
        are kept."""
        browser, *marks = former.split(".") if _FORM.fullmatch(former) else [secrets.token_urlsafe(16)]
        mark = [self._mark(account, browser)] if account is not None else []
        return ".".join([browser, *mark, *(one for one in marks if one not in mark)][: _MOST + 1])

    def _mark(self, account: Any, browser: str) -> str:
        kept = hashlib.sha256((account.password or "").encode()).hexdigest()
        return hmac.new(
            self._key, f"{account.id}|{kept}|{browser}".encode("utf-8", "surrogatepass"), "sha256"
        ).hexdigest()[:32]
