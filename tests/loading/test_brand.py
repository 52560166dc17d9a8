"""The clinic's face: whatever a clinic may choose can be read, in light and dim; what cannot is refused with its line."""

from __future__ import annotations

import struct
import subprocess
import zlib
from datetime import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exports.patient_copy import patient_copy
from screening.engine.facts import ResponseFacts
from screening.engine.response import read
from screening.loading.finding import ContentError
from screening.loading.load import load
from screening.model.brand import LARGEST_LOGO, Brand, contrast, picture
from screening.web.down_page import down_page
from screening.web.shell import shell
from tests.conftest import SHIPPED

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
WORDS = [("ink", "page"), ("ink", "card"), ("ink", "tint"), ("soft", "page"), ("soft", "card"), ("warn", "card")]
WORDS += [("brand", "page"), ("brand", "card"), ("on-brand", "brand"), ("on-brand", "warn"), ("warn", "page")]
LINES = [("edge", "card"), ("accent", "page"), ("focus", "card"), ("focus", "page"), ("brand", "tint")]


def of_channels(low: int, high: int) -> st.SearchStrategy[str]:
    return st.tuples(*[st.integers(low, high)] * 3).map(lambda parts: "#{:02x}{:02x}{:02x}".format(*parts))


@given(of_channels(0, 130), of_channels(0, 150), of_channels(215, 255), st.booleans())
def test_every_brand_that_is_taken_can_be_read_in_light_and_dim(primary, accent, background, dim):
    brand = Brand(primary=primary, accent=accent, background=background)
    assume(not list(brand.faint()))
    colours = brand.colours(dim)
    assert [pair for pair in WORDS if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    assert [pair for pair in LINES if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


@given(COLOURS)
def test_most_colours_meet_a_page_or_are_named_with_what_they_reach(primary):
    named = [key for key, _ in Brand(primary=primary).faint()]
    assert (contrast(primary, "#f7f5f1") < 4.5) == ("primary" in named)


def test_the_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def png(side: int = 8) -> bytes:
    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x10\x60\x60" * side for _ in range(side)))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{}</svg>'
REFUSED = [
    SVG.format("<script>alert(1)</script>"),
    SVG.format('<rect onload = "alert(1)"/>'),
    SVG.format('<a href="https://example.org"><rect/></a>'),
    SVG.format('<use href="https://example.org/a.svg#b"/>'),
    SVG.format('<rect fill="url(https://example.org/a)"/>'),
    SVG.format("<foreignObject><p>a</p></foreignObject>"),
    SVG.format("<style>@import 'https://example.org'</style>"),
    '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;"),
    "<html><svg></svg></html>",
    "GIF89a",
    "",
]


@pytest.mark.parametrize("body", REFUSED)
def test_a_picture_that_brings_more_than_a_picture_is_refused(body):
    with pytest.raises(ValueError, match=r"brings more|neither"):
        picture(body.encode(), LARGEST_LOGO)


def test_a_picture_that_is_too_large_in_bytes_or_dots_is_refused():
    with pytest.raises(ValueError, match="bytes"):
        picture(SVG.format(" " * LARGEST_LOGO).encode(), LARGEST_LOGO)
    with pytest.raises(ValueError, match="dots"):
        picture(png()[:16] + struct.pack(">II", 100_000, 1) + png()[24:], LARGEST_LOGO)


@pytest.mark.parametrize(
    "old, new, code, words",
    [
        ('primary: "#0b5e63"', 'primary: "#7fd0d5"', "B001", "primary #7fd0d5 has a contrast of"),
        ('background: "#f7f5f1"', 'background: "#303030"', "B001", "background #303030"),
        ('accent: "#b4541f"', 'accent: "#f3e9dd"', "B001", "accent #f3e9dd"),
        ("logo: brand/logo.svg", "logo: brand/nothere.svg", "B002", "cannot be opened"),
        ("logo: brand/logo.svg", "logo: ../../etc/passwd.svg", "M003", "a picture is a file in content/brand/"),
        ('primary: "#0b5e63"', 'primary: "teal"', "M003", "a colour is # and six digits"),
    ],
)
def test_a_face_that_cannot_be_used_is_refused_with_its_line_and_what_to_do(spoilt, old, new, code, words):
    copy = spoilt("site.yaml", old, new)
    with pytest.raises(ContentError) as refused:
        load(copy)
    written = (copy / "site.yaml").read_text("utf-8").splitlines()
    named = [one for one in refused.value.findings if one.code == code and words in one.what]
    assert named and named[0].remedy and new in written[named[0].line - 1], refused.value.findings


def test_the_logo_is_part_of_the_content_and_stands_on_every_door(spoilt, content):
    copy = spoilt("site.yaml", "logo: brand/logo.svg", "logo: brand/logo.png")
    (copy / "brand" / "logo.png").write_bytes(png())
    own = load(copy)
    assert own.logo and own.logo.media == "image/png"
    (copy / "brand" / "logo.png").write_bytes(png(9))
    assert load(copy).hash != own.hash
    assert own.logo.address in down_page(own) and own.site.brand.primary in down_page(own)
    assert content.icon.address in shell("<title>a</title><div id='root'>", content)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_persons_copy_bears_the_logo(spoilt, tmp_path, kind):
    copy = spoilt("site.yaml", "logo: brand/logo.svg", f"logo: brand/own.{kind}")
    (copy / "brand" / f"own.{kind}").write_bytes(png() if kind == "png" else (SHIPPED / "brand/logo.svg").read_bytes())
    clinic, now = load(copy), datetime(2026, 11, 27, 9, 0)
    response, _ = read({"full-name": "Ana"}, now.date(), clinic)
    (tmp_path / "copy.pdf").write_bytes(
        patient_copy(clinic, "ABCD-EFGH", now, ResponseFacts(response, clinic.program), [], "en")
    )
    told = subprocess.run(["pdfimages", "-list", tmp_path / "copy.pdf"], capture_output=True, text=True, check=True)
    assert ("image" in told.stdout.split("\n", 2)[2]) == (kind == "png")  # the other is drawn with lines
