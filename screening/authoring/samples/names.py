"""Making content/medicines/names.csv.gz from the table of medicine names.

    python -m screening.authoring.samples.names TABLE.csv.gz content/medicines/names.csv.gz

The table holds facts from works of the US government: FDA National Drug Code Directory (April 2019) and FDA UNII names
(June 2025), public domain. FDA is not responsible for this product and does not endorse it.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

KEPT = ("name", "ingredients", "kind", "share", "n_products", "routes", "word")


def convert(table: bytes) -> bytes:
    """Gzip bytes of the table with only the columns that recognition needs, the same bytes for the same table."""
    rows = csv.DictReader(io.StringIO(gzip.decompress(table).decode("utf-8")))
    text = io.StringIO()
    out = csv.DictWriter(text, KEPT, extrasaction="ignore", lineterminator="\n")
    out.writeheader()
    out.writerows(sorted(rows, key=lambda row: (row["name"], -float(row["share"]), row["ingredients"])))
    return gzip.compress(text.getvalue().encode("utf-8"), mtime=0)


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(convert(Path(sys.argv[1]).read_bytes()))
