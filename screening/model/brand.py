"""The clinic's face: its colours, its logo and icon, its words of welcome, and the colours that pages are made of."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from screening.model.content_model import ContentModel
from screening.model.text import Text

LARGEST_LOGO, LARGEST_ICON = 100_000, 16_000
"""Bytes of a picture; the icon is in the first answer that every browser gets."""
READABLE, SEEN = 4.5, 3.0
"""The least contrast of words, and of lines and marks (WCAG 2.2, 1.4.3 and 1.4.11)."""
_MOST_DOTS = 4_000
_PNG = b"\x89PNG\r\n\x1a\n"
_UNSAFE = re.compile(
    rb"<!doctype|<!entity|<\?xml-stylesheet|<script|<foreignobject|<iframe|<image|<style|\son\w+\s*=|javascript:"
    rb"|(?:href|src)\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)",
    re.IGNORECASE,
)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as #0b5e63, from 1 to 21 (WCAG 2.2, relative luminance)."""

    def light(colour: str) -> float:
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """`share` of one colour, from 0 to 1, in the other."""
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(255 * (a * share + b * (1 - share))):02x}" for a, b in parts)


def lightened(colour: str, *under: str) -> str:
    """The colour, with so much white that it can be read on each of these dark ones."""
    shares = (mixed("#ffffff", colour, tenth / 20) for tenth in range(21))
    return next(one for one in shares if min(contrast(one, dark) for dark in under) >= READABLE)


def _parts(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _colour(written: str) -> str:
    if not re.fullmatch("#[0-9a-fA-F]{6}", written):
        raise ValueError("a colour is # and six digits from 0 to f, such as #0b5e63")
    return written.lower()


def _file_name(written: str) -> str:
    if not re.fullmatch(r"brand/[a-z0-9_-]+\.(svg|png)", written):
        raise ValueError("a picture is a file in content/brand/, such as brand/logo.svg or brand/logo.png")
    return written


Colour = Annotated[str, AfterValidator(_colour)]
PictureFile = Annotated[str, AfterValidator(_file_name)]

# What the clinic does not choose. Dim: for people with migraine, little light and no white.
_LIGHT = {
    "ink": "#1b2a2f",
    "soft": "#46565c",
    "line": "#d9d5cc",
    "edge": "#6b7680",
    "card": "#ffffff",
    "warn": "#a3201d",
    "focus": "#1b2a2f",
    "on-brand": "#ffffff",
}
_WORDS = ("ink", "soft", "warn")
_DIM = {
    "page": "#1a1d1e",
    "ink": "#d6cfc3",
    "soft": "#b0a99d",
    "line": "#3f4646",
    "edge": "#8d918c",
    "card": "#242829",
    "warn": "#e89a90",
    "focus": "#f0e3c4",
    "on-brand": "#141818",
}


class Brand(ContentModel):
    """The clinic's face on patients' pages, on the sign-in, on a person's own copy, and where nothing else can be
    shown."""

    logo: PictureFile | None = None
    """A picture beside the clinic's name: an SVG or PNG file in content/brand/ of at most 100 kB."""
    icon: PictureFile | None = None
    """The picture in the browser's tab: an SVG or PNG file in content/brand/ of at most 16 kB."""
    primary: Colour = "#0b5e63"
    """The colour of buttons, links and what is chosen; white words stand on it."""
    accent: Colour = "#b4541f"
    """The colour of the line above the clinic's name."""
    background: Colour = "#f7f5f1"
    """The colour of the page; dark words stand on it."""
    welcome: Text | None = None
    """The clinic's own words at the head of the first page."""
    footer: Text | None = None
    """The clinic's own words at the foot of every page, such as its address."""

    def faint(self) -> Iterator[tuple[str, str]]:
        """Each of its colours that stands out too little, by its key, and why."""
        white, page = _LIGHT["card"], self.background
        words = [("background", page, f"words of {_LIGHT[one]}", _LIGHT[one], READABLE) for one in _WORDS]
        for key, colour, name, other, least in (
            ("primary", self.primary, "white", white, READABLE),
            ("primary", self.primary, "the page", page, READABLE),
            ("accent", self.accent, "the page", page, SEEN),
            *words,
        ):
            if (reached := contrast(colour, other)) < least:
                yield key, f"{key} {colour} has a contrast of {reached:.1f} with {name} and needs {least}"

    def colours(self, dim: bool = False) -> Mapping[str, str]:
        """Every colour of a page by its name in style sheets."""
        if not dim:
            chosen = {"brand": self.primary, "page": self.background, "accent": self.accent}
            return {**_LIGHT, **chosen, "tint": mixed(self.primary, _LIGHT["card"], 0.12)}
        tint = mixed(self.primary, _DIM["card"], 0.35)
        return {
            **_DIM,
            "brand": lightened(self.primary, _DIM["page"], _DIM["card"], tint),
            "accent": lightened(self.accent, _DIM["page"]),
            "tint": tint,
        }

    def variables(self, dim: bool = False) -> str:
        """The same as declarations for a style sheet."""
        scheme = "dark" if dim else "light"
        return f"color-scheme:{scheme};" + "".join(f"--{name}:{one};" for name, one in self.colours(dim).items())


@dataclass(frozen=True)
class Picture:
    """A picture of the clinic: its media type and its bytes, which were looked at."""

    media: str
    body: bytes

    @property
    def address(self) -> str:
        """The picture itself as an address, so that a page needs no further file."""
        return f"data:{self.media};base64,{b64encode(self.body).decode()}"


def picture(body: bytes, largest: int) -> Picture:
    """The picture in these bytes. Raises ValueError where it is too large, no picture, or brings more than a
    picture."""
    if len(body) > largest:
        raise ValueError(f"has {len(body)} bytes and may have {largest}")
    if body.startswith(_PNG) and body[12:16] == b"IHDR":
        sides = [int.from_bytes(body[at : at + 4], "big") for at in (16, 20)]
        if not all(1 <= side <= _MOST_DOTS for side in sides):
            raise ValueError(f"is {sides[0]} x {sides[1]} dots and may have {_MOST_DOTS} on each side")
        return Picture("image/png", body)
    if re.match(rb"\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<svg\s", body, re.DOTALL):
        if more := _UNSAFE.search(body):
            raise ValueError(f"brings more than a picture: {more[0].decode('ascii', 'replace').strip()[:20]!r}")
        return Picture("image/svg+xml", body)
    raise ValueError("is neither an SVG nor a PNG picture")
