"""What one medicine, as it was read, says of the classes and ingredients that rules ask about."""

from __future__ import annotations

from screening.engine.program import Program
from screening.medicines.formulary import UNRECOGNISED, MedicationStatement
from screening.medicines.states import TAKEN


def masks_of(reading: MedicationStatement, program: Program) -> tuple[int, int]:
    """(what the reading shows to be taken, what it may be), for every use that rules ask for."""
    states = reading.states
    if not states:
        return 0, 0
    known = {*reading.classes, *reading.ingredients}
    open_entry = reading.status != "matched"  # until somebody says which it is, it may be any medicine
    if open_entry and (reading.ingredients or not reading.classes):
        known = set()  # a class word is sure of its class, a guess of nothing
    certain = possible = 0
    for use, bits in program.use_bits.items():
        if states & TAKEN[use]:
            shown = sum(bits.get(name, 0) for name in known)
            if open_entry:
                possible |= sum(bits.values()) & ~bits.get(UNRECOGNISED, 0)
            if states <= TAKEN[use]:
                certain |= shown
            else:
                possible |= shown
    if reading.status == UNRECOGNISED and reading.use in ("current", "unknown"):
        certain |= program.taken_bits.get(UNRECOGNISED, 0)
    return certain, possible
