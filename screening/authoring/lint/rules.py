"""The words and worked cases of rules: each rule says its own thing to each reader, and its cases show every
outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator

from screening.authoring.lint.manuscript import LintContext
from screening.loading.document import Path_
from screening.loading.finding import Finding
from screening.model.rule import Rule

VERDICTS = (
    r"(in)?eligib\w*|(good|poor|suitable|unsuitable) candidate|approved for|den(y|ied) "
    r"(treatment|booking|care)|cleared for|disqualif\w*|"
    r"(un)?fit for (treatment|infusion|ketamine)|safe to (treat|infuse|proceed|give)|(must|should) not (be "
    r"treated|receive)|"
    r"do not (treat|infuse|give ketamine)|rule(s|d)? out treatment|passe[sd]|fails the screen\w*"
)


def findings(draft: LintContext) -> Iterator[Finding]:
    """Everything about the words and cases of rules."""
    said: dict[tuple[str, str], str] = {}
    titles: dict[str, str] = {}
    for file, path, rule in draft.rules():
        place = f"rule {rule.id}"
        if rule.tier != "info" and not rule.patient and rule.status != "retired":
            yield draft.at("V001", file, path, place, f"{rule.id} is {rule.tier}, and the patient reads nothing.")
        for language, text in rule.patient.root.items() if rule.patient else ():
            if text.strip().lower() == rule.clinician.strip().lower():
                yield draft.at("V002", file, (*path, "clinician"), place, f"{rule.id} says the same to both.")
            other = said.setdefault((language, text.strip().lower()), rule.id)
            if other != rule.id and language == draft.content.languages[0]:
                yield draft.at("V003", file, (*path, "patient"), place, f"{rule.id} says what {other} says.")
        for key, text in (("title", rule.title or ""), ("clinician", rule.clinician)):
            if verdict := re.search(rf"\b({VERDICTS})\b", text, re.IGNORECASE):
                yield draft.at("V004", file, (*path, key), place, f'{rule.id} says "{verdict.group()}".')
        if rule.title is None and rule.status != "retired":
            yield draft.at("V005", file, path, place, f"{rule.id} has no title.")
        elif rule.title:
            other = titles.setdefault(rule.title.casefold(), rule.id)
            if other != rule.id:
                yield draft.at("V005", file, (*path, "title"), place, f"{rule.id} has the title of {other}.")
        if rule.status != "retired":
            yield from _cases(draft, file, path, rule)


def _cases(draft: LintContext, file: str, path: Path_, rule: Rule) -> Iterator[Finding]:
    place = f"rule {rule.id}"
    answers: dict[str, str] = {}
    names: set[str] = set()
    for n, case in enumerate(rule.cases):
        given = repr((sorted(case.answers.items()), case.medicines, case.authored))
        if given in answers:
            what = f'"{case.name}" of {rule.id} gives the answers of "{answers[given]}".'
            yield draft.at("C005", file, (*path, "cases", n), place, what)
        answers.setdefault(given, case.name)
        if case.name in names:
            yield draft.at("C006", file, (*path, "cases", n), place, f'{rule.id} has two cases "{case.name}".')
        names.add(case.name)
    missing = [
        outcome
        for outcome in ("raised", "not-raised", "cannot-tell")
        if all(case.expect != outcome for case in rule.cases)
    ]
    if missing and rule.cases:
        yield draft.at("C007", file, (*path, "cases"), place, f"No case of {rule.id} is {' or '.join(missing)}.")
    for tier in dict.fromkeys([rule.tier, *(other.tier for other in rule.tier_when)] if rule.tier_when else ()):
        if all(case.tier != tier for case in rule.cases):
            yield draft.at("C008", file, (*path, "cases"), place, f"No case of {rule.id} expects the tier {tier}.")
