"""What a running app answers: is it ready, and do its headers say what they must."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

_HEADERS = {
    "content-security-policy": "frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def probe(url: str) -> Iterator[tuple[str, str]]:
    """(what was looked at, what to do or empty) for the app at `url`, such as https://intake.example.org."""
    url = url.rstrip("/")
    if not url.startswith(("http://", "https://")):
        yield f"{url} is not an address.", "It must begin with https://."
        return
    try:
        with urllib.request.urlopen(f"{url}/ready", timeout=10) as answer:  # noqa: S310  checked above
            yield f"{url} is ready ({answer.status}).", ""
        with urllib.request.urlopen(f"{url}/", timeout=10) as answer:  # noqa: S310
            headers = answer.headers
    except (urllib.error.URLError, OSError, ValueError) as error:
        yield f"{url} does not answer ({type(error).__name__}).", "Start the app, or look at the proxy before it."
        return
    for name, wanted in _HEADERS.items():
        there = wanted in headers.get(name, "")
        yield f"Header {name}.", "" if there else "It is missing: the proxy must pass it on."
    if url.startswith("https://"):
        there = bool(headers.get("strict-transport-security"))
        yield "Header strict-transport-security.", "" if there else "Let the proxy set it."
    else:
        yield (
            "No TLS.",
            "Only for this machine itself: put a proxy with TLS before it."
            if "127.0.0.1" not in url and "localhost" not in url
            else "",
        )
