"""CSV export beside pandas: rows a second, their ratio, and peak memory, in one run.

    python benchmarks/export.py                    100,000 rows
    python benchmarks/export.py --rows 1000000     a million; pandas then writes its frame in pieces of 100,000, so that it fits

Both write the same columns of the same made-up responses. pandas is given a frame that is already made and whose cells are already
escaped, and only its `to_csv` is timed. Ours is timed twice: `cells`, from the answers of each row to the file, escaping included; and
`records`, which also works out from each stored record what was asked, and why an answer is missing. Each runs three times in turn
and the median counts.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from exports import staff_csv
from exports.cell import harmless
from exports.sheet import Sheet
from screening.authoring.generate import responses
from screening.content import Content, load
from screening.flag import as_json, screened
from screening.records.store import Record
from screening.response import Ground, read

DAY = date(2026, 11, 23)
DIFFERENT = 2_000
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
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


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
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            return
        compare(content, records, chosen.rows, Path(place))


def compare(content: Content, records: list[Record], rows: int, place: Path) -> None:
    import pandas as pd

    sheet = Sheet(content)
    keys = [sheet.keys(record) for record in records]
    header = [column.name for column in sheet.columns]
    cells = [[harmless(cell) if isinstance(cell, str) else cell for cell in sheet.cells(record)] for record in records]
    piece = min(rows, PIECE)
    frame = pd.DataFrame(list(islice(cycle(cells), piece)), columns=header, dtype=object)

    def by_pandas(quoting: int) -> None:
        with (place / "pandas.csv").open("w", encoding="utf-8", newline="") as file:
            for start in range(0, rows, piece):
                frame.head(rows - start).to_csv(file, index=False, header=start == 0, quoting=quoting, lineterminator="\r\n")

    def by_cells() -> None:
        staff_csv._file(place / "cells.csv", staff_csv.lines(sheet, islice(cycle(keys), rows)))

    def by_records() -> None:
        staff_csv.write(repeated(records, rows), content, place)

    ways: dict[str, Callable[[], None]] = {
        "pandas.to_csv, frame made and escaped": lambda: by_pandas(0),
        "pandas.to_csv, the same and all quoted": lambda: by_pandas(1),
        "ours, cells to file, escaping on": by_cells,
        "ours, records to file, escaping on": by_records,
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(3 if rows <= PIECE else 1):
        for name, work in ways.items():
            taken[name].append(seconds(work))
    same = (place / "cells.csv").read_bytes() == (place / "pandas.csv").read_bytes().replace(b"\r\n", b"\r\n")
    plain = statistics.median(taken["pandas.to_csv, frame made and escaped"])
    print(f"{rows} rows of {len(header)} columns, {(place / 'cells.csv').stat().st_size / 2**20:.0f} MiB; same bytes as pandas: {same}")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:42} {median:8.2f} s {rows / median:10.0f} rows/s   {plain / median:5.1f} x pandas")
    print(f"peak memory of our export: {memory(rows // 10):.0f} MiB at {rows // 10} rows, {memory(rows):.0f} MiB at {rows} rows")


if __name__ == "__main__":
    main()
