"""Medicine names: our reading beside rapidfuzz WRatio, symspellpy and drug-named-entity-recognition, on the same labelled entries.

    python benchmarks/medicines.py [entries.csv]

One process for each matcher. CPU is the median of five passes over single entries (no paragraphs), right and wrong are
ingredients. The first two others get the same table of names, doses stripped, and look up whole entries; the last brings its own
table, and is left out with a line that says so where it is not installed.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENTRIES = ROOT / "tests" / "medicines" / "medicines_own.csv"
DOSE = re.compile(r"\d+([.,/]\d+)*\s*(mg|mcg|ml|g|units?)?\b")
SAME = {"dextroamphetamine": "amphetamine"}


def resident():
    """Resident memory in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def ours():
    from screening.loading.load import _Loader
    from screening.medicines.formulary import Formulary, MedicineClasses

    loader = _Loader(ROOT / "content")
    classes = loader.model("medicines/classes.yaml", MedicineClasses)
    formulary = Formulary(loader.names(), {one.id: one.ingredients for one in classes.classes})
    return lambda text: {
        i for one in formulary.read(text) if one.use in ("current", "unknown") for i in one.ingredients
    }


def plain_names():
    from screening.loading.load import _Loader

    return {
        row.name: row.ingredients
        for row in _Loader(ROOT / "content").names().rows
        if row.ingredients and row.kind != "label"
    }


def wratio():
    from rapidfuzz import fuzz, process

    names = plain_names()
    keys = list(names)

    def read(text):
        bare = DOSE.sub(" ", text.lower()).strip()
        hit = process.extractOne(bare, keys, scorer=fuzz.WRatio, score_cutoff=95) if bare else None
        return set(names[hit[0]]) if hit else set()

    return read


def symspell():
    from symspellpy import SymSpell, Verbosity

    names = plain_names()
    index = SymSpell(max_dictionary_edit_distance=2)
    for name in names:
        index.create_dictionary_entry(name, 1)

    def read(text):
        bare = DOSE.sub(" ", text.lower()).strip()
        hits = index.lookup(bare, Verbosity.TOP, max_edit_distance=2 if len(bare) > 5 else 0) if bare else []
        return set(names[hits[0].term]) if hits else set()

    return read


def named_entities():
    from drug_named_entity_recognition import find_drugs

    def read(text):
        found = find_drugs(re.findall(r"\w+", text), is_ignore_case=True)
        return {drug["name"].lower() for drug, _, _ in found}

    return read


MATCHERS = {"ours": ours, "rapidfuzz WRatio": wratio, "symspellpy": symspell, "drug-ner": named_entities}
NEEDS = {"rapidfuzz WRatio": "rapidfuzz", "symspellpy": "symspellpy", "drug-ner": "drug_named_entity_recognition"}


def measure(name, path):
    rows = [row for row in csv.DictReader(path.open(encoding="utf-8")) if row["category"] != "paragraph"]
    before, begin = resident(), time.process_time()
    read = MATCHERS[name]()
    loaded = time.process_time() - begin
    memory = resident() - before
    right = extra = missed = 0
    for row in rows:
        found = {SAME.get(one, one) for one in read(row["text"])}
        wanted = set(filter(None, row["ingredients"].split(";")))
        right += len(found & wanted)
        extra += len(found - wanted - set(row["ingredients_ok"].split(";")))
        missed += len(wanted - found)
    passes = []
    for _ in range(5):
        begin = time.process_time()
        for row in rows:
            read(row["text"])
        passes.append((time.process_time() - begin) / len(rows) * 1000)
    return {
        "precision": right / max(1, right + extra),
        "recall": right / max(1, right + missed),
        "cpu": statistics.median(passes),
        "load": loaded,
        "memory": memory,
    }


def main():
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    print(f"{'matcher':18} {'precision':>9} {'recall':>7} {'CPU an entry':>13} {'load':>8} {'memory':>9}")
    for name in MATCHERS:
        if name in NEEDS and importlib.util.find_spec(NEEDS[name]) is None:
            print(f"{name:18} skipped: {NEEDS[name]} is not installed")
            continue
        command = [sys.executable, __file__, "--one", name, str(path)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        )
        found = json.loads(done.stdout)
        figures = f"{found['precision']:9.3f} {found['recall']:7.3f} {found['cpu']:10.3f} ms {found['load']:6.2f} s {found['memory']:6.0f} MB"
        print(f"{name:18} {figures}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], Path(sys.argv[3]))))
    else:
        main()
