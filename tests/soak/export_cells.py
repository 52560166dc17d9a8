"""Hostile cells through both exports: none is a formula in any reading, and a workbook gives back the text that was stored.

    python -m tests.soak.export_cells [--count 1000000]

The text stands in the free-text answers of made-up records, so that it takes the whole way. The CSV is read as split at commas, at
semicolons, at tabs and at all three: by the escape's own property, and in headless LibreOffice where `soffice` is installed.
"""

from __future__ import annotations

import csv
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import typer
from openpyxl.utils.escape import unescape
from tqdm import tqdm

from exports import staff_csv
from exports.choices import Choices
from screening.engine.content import Content
from screening.loading.load import load
from screening.model.text import clean
from screening.records.record import Record
from screening.settings import ROOT
from tests.stored import stored, workbook

STARTERS = "=+-@＝＋－＠"
READINGS = {"comma": "44", "semicolon": "59", "tab": "9", "all three": "44/59/9"}
PIECES = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "＝1+1",
    '=HYPERLINK("http://x")',
    "=cmd|' /C calc'!A0",
    "a",
    "b c",
    " ",
    "  ",
    "\t",
    "\n",
    ";",
    ",",
    "|",
    ":",
    '"',
    "'",
    '""',
    "\u00a0",
    "\u200d",
    "_x003D_",
    "00123",
    "1/2",
    "1e5",
    "{=1+1}",
    "<b>",
    "é",
    "漢",
    "🙂",
    "https://x",
    "TRUE",
    "#REF!",
    "%0A=1",
    "\\n=1",
)


@dataclass
class Toll:
    """What was seen."""

    cells: int = 0
    formulas: int = 0
    csv_changed: int = 0
    workbook_formulas: int = 0
    workbook_changed: int = 0
    office: str = "soffice is not installed: not read by LibreOffice"


def hostile(dice: random.Random) -> str:
    """Text as it would be stored: cleaned, and not empty."""
    while not (text := clean("".join(dice.choice(PIECES) for _ in range(dice.randint(1, 6)))).text):
        pass
    return text


def typed(content: Content) -> list[str]:
    """The items of several lines of text that are asked of everyone."""
    return [item.link_id for item in content.items if item.type == "text" and not item.enable_when]


def records(content: Content, cells: int, seed: int = 1) -> Iterator[Record]:
    """Records whose typed answers are hostile, `cells` in all."""
    dice, links = random.Random(seed), typed(content)
    one = stored(content, dict.fromkeys(links, "text"))
    for number in range(-(-cells // len(links))):
        yield Record(**{**vars(one), "id": number, "answers": {link_id: hostile(dice) for link_id in links}})


def formulas(path: Path) -> int:
    """Cells that begin as a formula does, summed over readings: quotes kept at each separator, and cut at all of them."""
    text = path.read_text("utf-8-sig")
    pieces = re.split("[,;\t\r\n]", text)
    for separator in ",;\t":
        pieces += [cell for row in csv.reader(text.splitlines(keepends=True), delimiter=separator) for cell in row]
    bare = [piece.strip(' "\t\n\u00a0') for piece in pieces]
    return sum(piece[:1] in STARTERS for piece in bare if piece)


def both(content: Content, place: Path, count: int) -> Toll:
    """Write both files and read them back."""
    links = {link_id.replace("-", "_"): link_id for link_id in typed(content)}
    choices = Choices(columns=frozenset(links))
    path, _, rows = staff_csv.write(
        tqdm(records(content, count), "CSV", disable=count < 100_000), content, place, choices
    )
    workbook(tqdm(records(content, count), "XLSX", disable=count < 100_000), content, place / "responses.xlsx", choices)
    toll = Toll(cells=rows * len(links), formulas=formulas(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row, record in zip(csv.DictReader(file), records(content, count), strict=True):
            toll.csv_changed += sum(
                row[name].replace("'", "") != str(record.answers[link_id]).replace("'", "")
                for name, link_id in links.items()
            )
    book = openpyxl.load_workbook(place / "responses.xlsx", read_only=True)
    lines = book["responses"].iter_rows()
    header = [cell.value for cell in next(lines)]
    for line, record in zip(lines, records(content, count), strict=True):
        for name, cell in zip(header, line, strict=True):
            toll.workbook_formulas += cell.data_type == "f"
            # openpyxl leaves the format's own escape of "_x003D_" in place; spreadsheets undo it.
            toll.workbook_changed += unescape(str(cell.value)) != record.answers[links[str(name)]]
    if shutil.which("soffice"):
        toll.office = ", ".join(
            f"{name}: {in_office(path, place, separator)} formulas" for name, separator in READINGS.items()
        )
    return toll


def in_office(path: Path, place: Path, separator: str) -> int:
    """Formula cells after LibreOffice has opened the file, split at these characters (by number)."""
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{place}/office",
        f"--infilter=CSV:{separator},34,76,1",
        "--convert-to",
        "fods",
    ]
    subprocess.run(
        [*command, "--outdir", str(place / "read"), str(path)], check=True, capture_output=True, timeout=3_600
    )
    return (place / "read" / "responses.fods").read_text("utf-8").count("table:formula=")


def main(count: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory() as place:
        toll = both(load(ROOT / "content"), Path(place), count)
    print(toll)
    sys.exit(
        bool(
            toll.formulas
            or toll.csv_changed
            or toll.workbook_formulas
            or toll.workbook_changed
            or re.search(r": [1-9]", toll.office)
        )
    )


if __name__ == "__main__":
    typer.run(main)
