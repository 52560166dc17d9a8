"""Asking the solver for a patient, and making the answer plain: as few answers as will do, replayed through the real
program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import z3

from screening.authoring.proof.patient import Patient
from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.response import read, respond
from screening.model.item import Given

EFFORT = 10_000_000
"""Steps that the solver takes for one question before it gives up, the same on every machine. None of ours takes a
hundredth of it."""

Answers = Mapping[str, Given]


class Undecided(Exception):
    """Neither a patient nor a proof that there is none."""


class Proofs:
    """What is possible for one patient. Every answer is exact; where there is none, Undecided is raised."""

    def __init__(self, patient: Patient, effort: int = EFFORT) -> None:
        self.patient = patient
        self._solver = z3.SimpleSolver()
        self._solver.set("rlimit", effort)
        self._solver.add(patient.laws)

    def find(self, wanted: z3.BoolRef, among: Iterable[str] | None = None) -> Answers | None:
        """The answers of a patient of whom `wanted` is so, only those to the items `among`; None where no patient can
        be."""
        self._solver.push()
        try:
            self._solver.add(wanted)
            found = self._solver.check()
            if found == z3.unknown:
                raise Undecided
            return self.patient.answered(self._solver.model(), among) if found == z3.sat else None
        finally:
            self._solver.pop()


def settled(answers: Answers, content: Content, today: date) -> ResponseFacts:
    """The facts of these answers without those to items that are then not asked."""
    while True:
        facts = ResponseFacts(respond(answers, today, content), content.program)
        asked = {plan.item.link_id for plan in facts.asked}
        if asked.issuperset(answers):
            return facts
        answers = {link_id: given for link_id, given in answers.items() if link_id in asked}


def smallest(answers: Answers, holds: Callable[[Answers], bool]) -> Answers:
    """Fewer answers, less in each, and medicines said in fewer words, as long as `holds`."""
    for link_id in list(answers):
        answers = _if(holds, {one: given for one, given in answers.items() if one != link_id}, answers)
    for link_id, given in list(answers.items()):
        for entry in given if isinstance(given, tuple) else ():
            answers = _if(holds, _with(answers, link_id, entry, ()), answers)
            for plainer in _plainer(entry):
                answers = _if(holds, _with(answers, link_id, entry, (plainer,)), answers)
    return answers


def _if(holds: Callable[[Answers], bool], trial: Answers, answers: Answers) -> Answers:
    return trial if holds(trial) else answers


def _with(answers: Answers, link_id: str, entry: Any, others: tuple[str, ...]) -> Answers:
    """The answers with `others` in place of one entry of a list; as they are where nothing would be left."""
    given = answers[link_id]
    left = (
        tuple(other for one in given for other in (others if one == entry else (one,)))
        if isinstance(given, tuple)
        else ()
    )
    return {**answers, link_id: left} if left else answers


def _plainer(entry: Any) -> Iterator[str]:
    """A medicine's text alone, and its first word alone."""
    text = entry["text"] if isinstance(entry, dict) else entry
    if text != entry:
        yield text
    if " " in text:
        yield text.split(" ")[0]


def replayed(answers: Answers, content: Content, today: date) -> ResponseFacts | None:
    """The facts of answers that come in as they would from anyone; None where one is refused, or answers what is not
    asked."""
    response, problems = read(answers, today, content)
    facts = ResponseFacts(response, content.program)
    asked = {plan.item.link_id for plan in facts.asked}
    return None if problems or not asked.issuperset(answers) else facts
