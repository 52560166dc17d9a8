"""CSV export beside pandas: rows a second of CPU time, their ratio, and peak memory, in one run.

    python benchmarks/export.py                    100,000 rows
    python benchmarks/export.py --rows 1000000     a million; pandas works in pieces of 100,000, so that it fits

Each way is a process of its own and writes the same bytes, with 1,000 different made-up responses over and over. From records: what was asked,
why an answer is missing and every cell are worked out from decoded stored records; pandas makes its frame of those cells and escapes it.
From answers: the keys of the cells (ours) or a frame of the cells (pandas) are ready, escaping counts. Bare: `to_csv` of a frame of
objects, pandas' fastest, that is escaped already. Opening the sealed records counts nowhere: see benchmarks/records.py.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from exports import staff_csv
from exports.cell import Cell, harmless
from exports.sheet import Sheet
from screening.authoring.samples.generate import responses
from screening.engine.content import Content
from screening.engine.screen import screen_answers
from screening.loading.load import load
from screening.records.record import Record

if TYPE_CHECKING:
    import pandas as pd

DAY = date(2026, 11, 23)
DIFFERENT = 1_000
PIECE = 100_000
WAYS = (
    "ours, from records",
    "ours, from answers",
    "pandas, from records",
    "pandas, from answers",
    "pandas, bare to_csv",
)


def made_up(content: Content, count: int) -> list[Record]:
    """Different stored records, as the store gives them."""
    made = []
    for number, one in enumerate(responses(content, count, 1, DAY)):
        outcome = screen_answers(one["answers"], DAY, content)
        result = json.loads(json.dumps(outcome.result.stored()))
        made.append(
            Record(
                number,
                f"{number:032x}",
                f"ABCD-{number:04}",
                "2026-11-23T10:00:00+00:00",
                DAY.isoformat(),
                "en",
                "completed",
                {"version": "1"},
                dict(outcome.response.answers),
                content.hash,
                outcome.result.tier,
                result,
            )
        )
    return made


def written_by(way: str, content: Content, rows: int, path: Path) -> float:
    """CPU seconds of one way to write so many rows to `path`."""
    sheet = Sheet(content)
    records = made_up(content, min(DIFFERENT, rows))
    header = [column.name for column in sheet.columns]
    if way == "ours, from records":
        return seconds(
            lambda: staff_csv.written(
                path, staff_csv.lines(sheet, map(sheet.keys, islice(cycle(records), rows))), mark=False
            )
        )
    if way == "ours, from answers":
        keys = [sheet.keys(record) for record in records]
        return seconds(lambda: staff_csv.written(path, staff_csv.lines(sheet, islice(cycle(keys), rows)), mark=False))
    import pandas as pd

    def frame(cells: Iterable[list[Any]]) -> pd.DataFrame:
        return pd.DataFrame(list(cells), columns=header, dtype=object)

    size = min(rows, PIECE)
    if way == "pandas, from records":
        pieces = (frame(map(sheet.cells, islice(cycle(records), size))).map(escaped) for _ in range(rows // size))
    else:
        whole = frame(islice(cycle([sheet.cells(record) for record in records]), size))
        if way == "pandas, bare to_csv":
            whole = whole.map(escaped)
        pieces = (whole if way == "pandas, bare to_csv" else whole.map(escaped) for _ in range(rows // size))
    return seconds(lambda: by_pandas(pieces, path))


def by_pandas(pieces: Iterable[pd.DataFrame], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, piece in enumerate(pieces):
            piece.to_csv(file, index=False, header=not number, quoting=csv.QUOTE_ALL, lineterminator="\r\n")


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()  # other work on the machine must not count
    work()
    return time.process_time() - began


def alone(way: str, rows: int) -> dict[str, Any]:
    """One way in a process of its own: CPU seconds, peak MiB, MiB and digest of the file."""
    command = [sys.executable, __file__, "--way", way, "--rows", str(rows)]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def report(way: str, rows: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "rows.csv"
        taken = written_by(way, load(ROOT / "content"), rows, path)
        peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size / 2**20
    print(json.dumps({"seconds": taken, "peak": int(peak.split()[1]) / 1024, "size": size, "digest": digest}))


def main() -> None:
    choose = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    choose.add_argument("--rows", type=int, default=PIECE, help="above 100,000 in whole 100,000s")
    choose.add_argument("--ways", choices=WAYS, nargs="+", default=list(WAYS))
    choose.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    chosen = choose.parse_args()
    if chosen.way:
        report(chosen.way, chosen.rows)
    else:
        compare(chosen.rows, chosen.ways)


def compare(rows: int, ways: list[str]) -> None:
    found = {way: alone(way, rows) for way in ways}
    pandas = [way for way in ways if way.startswith("pandas")]
    same = len({one["digest"] for one in found.values()}) == 1
    print(f"{rows} rows, {found[ways[0]]['size']:.0f} MiB; the same bytes: {same}")
    print(f"{'':24} {'CPU s':>8} {'rows/s':>8} {'peak MiB':>9}   times {', '.join(pandas)}")
    for way, one in found.items():
        times = "  ".join(f"{found[other]['seconds'] / one['seconds']:5.1f}" for other in pandas)
        print(f"{way:24} {one['seconds']:8.2f} {rows / one['seconds']:8.0f} {one['peak']:9.0f}   {times}", flush=True)


def escaped(cell: Cell) -> str | None:
    """What pandas is given: harmless text, numbers as text too, which it would otherwise make decimal where some are missing."""
    if isinstance(cell, str):
        return harmless(cell)
    return cell if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


if __name__ == "__main__":
    main()
