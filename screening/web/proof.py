"""Something to do in place of a refusal: where too many new browsers come from one network, each may show by a second
of arithmetic that somebody is there, and is then counted by itself. A flood would have to do it for every browser.

The page needs nothing of the app: plain words in every language, the true wait, and a script of five lines. Without
scripts it opens again by itself when the wait is over.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
from html import escape
from urllib.parse import parse_qs

from cachetools import TTLCache

from screening.engine.content import Content
from screening.web.browsers import Cookies
from screening.web.shell import icon_link

ZEROS = 15
"""Bits that the digest of a right answer begins with: about a second in a browser."""
LASTS = 300
"""Seconds within which a challenge is to be answered."""
LARGEST = 2_048

_SCRIPT = (
    'const f=document.forms[0],e=new TextEncoder();(async()=>{for(let n=0;;n++){const d=new Uint8Array(await '
    'crypto.subtle.digest("SHA-256",e.encode(f.challenge.value+"."+n)));'
    "if(d[0]===0&&d[1]<2){f.answer.value=n;f.submit();return}}})()"
)  # fmt: skip
_STYLE = (
    "body{margin:0;border-top:4px solid var(--accent);background:var(--page);color:var(--ink);"
    "font:1.125rem/1.5 sans-serif}main{max-width:40rem;margin:auto;padding:2rem 1.25rem}"
)
POLICY = (
    "default-src 'none'; script-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    + "'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Proofs:
    """Challenges, and whether they were answered. cookies: makes the marks."""

    def __init__(self, cookies: Cookies, content: Content) -> None:
        self._cookies, self._content = cookies, content
        self._used: TTLCache[str, bool] = TTLCache(100_000, LASTS)
        self._lock = threading.Lock()

    def challenge(self, network: str) -> str:
        """Something to be answered from this network."""
        return self._cookies.marked(f"proof {network}", f"{int(time.time()):08x}-{secrets.token_urlsafe(16)}")

    def passed(self, challenge: str, answer: str, network: str) -> bool:
        """Whether an answer is right, in time, and the first."""
        value, _, _ = challenge.rpartition(".")
        expected = self._cookies.marked(f"proof {network}", value)
        if not hmac.compare_digest(challenge.encode("utf-8", "replace"), expected.encode("utf-8", "replace")):
            return False
        digest = hashlib.sha256(f"{challenge}.{answer}".encode("utf-8", "replace")).digest()
        late = time.time() - int(value[:8], 16) > LASTS
        if late or int.from_bytes(digest[:4], "big") >> (32 - ZEROS):
            return False
        with self._lock:
            first = challenge not in self._used
            self._used[challenge] = True
        return first

    def page(self, network: str, to: str, seconds: int) -> str:
        """The page. to: where its reader wanted to go; seconds: until it opens without a proof."""
        content, words = self._content, ""
        for language in content.languages:
            clinic = content.site.clinic
            values = {"clinic": clinic.name[language], "phone": clinic.phone, "seconds": seconds}
            wait = content.words["proof-wait"][language].format_map(values)
            lines = (content.words["proof"][language], wait, content.site.help.line[language])
            words += f'<div lang="{language}">{"".join(f"<p>{escape(line)}</p>" for line in lines)}</div>'
        name = escape(content.site.clinic.name[content.languages[0]])
        fields = {"challenge": self.challenge(network), "answer": "", "to": to}
        hidden = "".join(f'<input type="hidden" name="{one}" value="{escape(text)}">' for one, text in fields.items())
        return (
            f'<!doctype html><html lang="{content.languages[0]}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
            f'<meta http-equiv="refresh" content="{seconds}"><title>{name}</title>{icon_link(content)}'
            f"<style>:root{{{content.site.brand.variables()}}}{_STYLE}</style>"
            f'<main role="status"><h1>{name}</h1>{words}</main>'
            f'<form method="post" action="/proof">{hidden}</form><script>{_SCRIPT}</script></html>\n'
        )


def answered(body: bytes) -> tuple[str, str, str]:
    """(challenge, answer, where to) of the page's form; empty where it is none."""
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=3)
    except ValueError:
        return "", "", ""
    challenge, answer, to = (fields.get(name, [""])[0] for name in ("challenge", "answer", "to"))
    return challenge, answer, to
