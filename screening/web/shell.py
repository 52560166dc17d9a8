"""What every page of the app is before any script runs: Streamlit's frame, with words of ours in it.

Where scripts or sockets are blocked, as some networks do, nothing else ever comes. So the clinic's telephone and the
help line stand in the first answer; they go as soon as a page is drawn.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from pathlib import Path

from screening.engine.content import Content

_STYLE = (
    "body{background:var(--page);color:var(--ink)}"
    "#first{max-width:40rem;margin:0 auto;padding:1.5rem 1.25rem;font:1.125rem/1.5 sans-serif;"
    "visibility:hidden;animation:first 0s 5s forwards}#first img{height:3rem}"
    "@keyframes first{to{visibility:visible}}"
    "body:has([data-testid=stMain] h1) #first{display:none}"
    ".st-key-code [data-testid=stIconMaterial]{display:none}"  # so that patients never wait for the font of symbols
)
_ICONS = (
    "const load=document.fonts.load.bind(document.fonts);"
    "document.fonts.load=(font,...more)=>font.includes('Material Symbols')?Promise.resolve([]):load(font,...more)"
)
"""Streamlit fetches its font of symbols (375 kB) before anything else; now it comes where a symbol is drawn."""


def shell(index: str, content: Content) -> str:
    """The first answer. index: Streamlit's own page."""
    languages = content.languages
    clinic, brand = content.site.clinic, content.site.brand
    words = f'<img src="{content.icon.address}" alt="">' if content.icon else ""
    for language in languages:
        values = {"clinic": clinic.name[language], "phone": clinic.phone, "hours": clinic.hours[language]}
        lines = (content.site.help.line[language], content.words["first-answer"][language].format_map(values))
        words += f'<div lang="{language}">{"".join(f"<p>{escape(line)}</p>" for line in lines)}</div>'
    style = f"<style>:root{{{brand.variables()}}}{_STYLE}</style>"
    head = f"<title>{escape(clinic.name[languages[0]])}</title>{icon_link(content)}{style}<script>{_ICONS}</script>"
    page = re.sub(r"<noscript>.*?</noscript>", "", index, flags=re.DOTALL)
    page = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    page = re.sub(r'<link rel="shortcut icon"[^>]*>', "", page)
    page = re.sub(r'<link rel="service-desc"[^>]*>', "", page)
    page = re.sub(r"<title>.*?</title>", lambda _: head, page)
    return page.replace('<div id="root">', f'<aside id="first">{words}</aside><div id="root">')


def icon_link(content: Content) -> str:
    """The clinic's picture in the browser's tab; without one, browsers ask for none."""
    return f'<link rel="icon" href="{content.icon.address if content.icon else "data:,"}">'


def content_security_policy(page: str) -> str:
    """The policy for a page of Streamlit: its inline scripts by hash, everything else from here only."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts)
    return (
        f"default-src 'self'; script-src 'self' blob: {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def streamlit_static() -> Path:
    """Where Streamlit keeps what browsers load."""
    import streamlit

    return Path(streamlit.__file__).parent / "static"
