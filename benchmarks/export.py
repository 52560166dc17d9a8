"""CSV export beside pandas: rows a second of CPU time, their ratio, and peak memory, in one run.

    python benchmarks/export.py                    100,000 rows
    python benchmarks/export.py --rows 1000000     a million; pandas then writes its frame of 100,000 ten times, so that it fits

All write the same bytes. pandas is given a frame that is already made and whose cells are already escaped, and only its `to_csv`
counts: once as pandas types the columns by itself, once of plain objects, its fastest; and once it escapes the cells too. Ours counts twice: from answers to file,
escaping included; and from stored records, which also works out what was asked and why an answer is missing.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from exports import staff_csv
from exports.cell import Cell, harmless
from exports.sheet import Sheet
from screening.authoring.generate import responses
from screening.content import Content, load
from screening.flag import as_json, screened
from screening.records.store import Record
from screening.response import Ground, read

DAY = date(2026, 11, 23)
DIFFERENT = 1_000
PIECE = 100_000


def made_up(content: Content, count: int) -> list[Record]:
    """Different stored records, as the store gives them."""
    made = []
    for number, one in enumerate(responses(content, count, 1, DAY)):
        response, problems = read(one["answers"], DAY, content)
        ground = Ground(response, content.program)
        screening = screened(ground, content)
        result = json.loads(json.dumps(as_json(screening, ground, problems, content)))
        made.append(
            Record(
                number, f"{number:032x}", f"ABCD-{number:04}", "2026-11-23T10:00:00+00:00", DAY.isoformat(), "en", "completed",
                {"version": "1"}, one["answers"], content.hash, screening.tier, result,
            )
        )  # fmt: skip
    return made


def repeated(records: list[Record], rows: int) -> Iterator[Record]:
    """The records over and over, each under its own number."""
    return (replace(record, id=number) for number, record in enumerate(islice(cycle(records), rows)))


def seconds(work: Callable[[], None]) -> float:
    began = time.process_time()  # other work on the machine must not count
    work()
    return time.process_time() - began


def memory(rows: int) -> float:
    """Peak MiB of a process of its own that exports so many rows and nothing else."""
    command = [sys.executable, __file__, "--only-memory", "--rows", str(rows)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    choose = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    choose.add_argument("--rows", type=int, default=100_000)
    choose.add_argument("--only-memory", action="store_true", help=argparse.SUPPRESS)
    chosen = choose.parse_args()
    content = load(ROOT / "content")
    records = made_up(content, min(DIFFERENT, chosen.rows) if not chosen.only_memory else 200)
    with tempfile.TemporaryDirectory() as place:
        if chosen.only_memory:
            staff_csv.write(repeated(records, chosen.rows), content, Path(place))
            peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
            print(int(peak.split()[1]) / 1024)  # ru_maxrss would hold the parent's
            return
        compare(content, records, chosen.rows, Path(place))


def compare(content: Content, records: list[Record], rows: int, place: Path) -> None:
    import pandas as pd

    sheet = Sheet(content)
    keys = [sheet.keys(record) for record in records]
    header = [column.name for column in sheet.columns]
    cells = [[escaped(cell) for cell in sheet.cells(record)] for record in records]
    piece = list(islice(cycle(cells), min(rows, PIECE)))
    frames = {"as pandas types it": pd.DataFrame(piece, columns=header), "of objects": pd.DataFrame(piece, columns=header, dtype=object)}

    def by_pandas(kind: str) -> None:
        with (place / "pandas.csv").open("w", encoding="utf-8", newline="") as file:
            for start in range(0, rows, len(piece)):
                part = frames[kind].head(rows - start)
                part.to_csv(file, index=False, header=start == 0, quoting=csv.QUOTE_ALL, lineterminator="\r\n")

    def by_cells() -> None:
        staff_csv.written(place / "cells.csv", staff_csv.lines(sheet, islice(cycle(keys), rows)))

    def by_records() -> None:
        staff_csv.write(repeated(records, rows), content, place)

    def by_safe_pandas() -> None:
        with (place / "safe.csv").open("w", encoding="utf-8", newline="") as file:
            for start in range(0, rows, len(piece)):
                part = frames["of objects"].head(rows - start).map(escaped)
                part.to_csv(file, index=False, header=start == 0, quoting=csv.QUOTE_ALL, lineterminator="\r\n")

    ways: dict[str, Callable[[], None]] = {
        "pandas.to_csv, escaped frame as pandas types it": partial(by_pandas, "as pandas types it"),
        "pandas.to_csv, escaped frame of objects": partial(by_pandas, "of objects"),
        "pandas, frame made, escaping on": by_safe_pandas,
        "ours, answers to file, escaping on": by_cells,
        "ours, records to file, escaping on": by_records,
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(3 if rows < PIECE else 1):
        for name, work in ways.items():
            taken[name].append(seconds(work))
    same = (place / "cells.csv").read_bytes() == (place / "pandas.csv").read_bytes()
    typed, objects, safe = (statistics.median(times) for times in list(taken.values())[:3])
    print(f"{rows} rows of {len(header)} columns, {(place / 'cells.csv').stat().st_size / 2**20:.0f} MiB; the same bytes as pandas: {same}")
    print(f"{'':50} {'CPU s':>8} {'rows/s':>9}  times pandas (typed, objects, escaping on)")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:50} {median:8.2f} {rows / median:9.0f}  {typed / median:5.1f} {objects / median:5.1f} {safe / median:5.1f}")
    print(f"peak memory of our export: {memory(rows // 10):.0f} MiB at {rows // 10} rows, {memory(rows):.0f} MiB at {rows} rows")


def escaped(cell: Cell) -> str | int | float | None:
    """What pandas is given: text that is harmless already, and dates as text."""
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell) if isinstance(cell, str) else cell


if __name__ == "__main__":
    main()
