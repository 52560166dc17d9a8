"""What the rules ask of a clinic's attention: how many people of the made-up clinic come out at each tier, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from screening.authoring.samples.cohort import cohort
from screening.engine.content import Content
from screening.engine.screen import screen_answers
from screening.engine.topics import topics
from screening.loading.codes import CODES
from screening.loading.finding import Finding
from screening.model.rule import TIERS

COUNT, SEED = 2000, 1
_PRESSING = ("urgent", "high")


@dataclass(frozen=True)
class Attention:
    """Shares are of all people, from 0 to 1; first_screen and lines are medians a person.

    tiers: the share whose most pressing flag is of that tier; "none" for no flag. first_screen: flags above info that
    no other replaces. lines: what the last page lists. sole: (rule, tier) to the share for whom it alone makes that
    tier, of urgent and high. fired: rule to the share for whom it is raised.
    """

    people: int
    tiers: Mapping[str, float]
    first_screen: float
    lines: float
    to_ask: float
    sole: Mapping[tuple[str, str], float]
    fired: Mapping[str, float]
    silent: tuple[str, ...]

    def lines_of_report(self) -> Iterator[str]:
        """The figures, for people."""
        yield f"{self.people} made-up people."
        yield "Most pressing tier: " + ", ".join(f"{tier} {share:.1%}" for tier, share in self.tiers.items()) + "."
        yield (
            f"A typical person: {self.first_screen:g} flags on the first screen, {self.lines:g} lines at the end, "
            f"{self.to_ask:g} questions to ask."
        )
        yield from _listed("Raised most often", self.fired.items(), 15)
        yield from _listed(
            "Alone the reason for a tier",
            ((f"{rule} ({tier})", share) for (rule, tier), share in self.sole.items()),
            10,
        )
        if self.silent:
            yield f"Raised for nobody: {', '.join(self.silent)}."


def _listed(title: str, shares: Iterable[tuple[str, float]], most: int) -> Iterator[str]:
    ordered = sorted(shares, key=lambda named: (-named[1], named[0]))[:most]
    yield f"{title}: " + ", ".join(f"{name} {share:.1%}" for name, share in ordered) + "."


def attention(content: Content, today: date, count: int = COUNT, seed: int = SEED) -> Attention:
    """Screen the made-up clinic and count."""
    tiers: Counter[str] = Counter()
    sole: Counter[tuple[str, str]] = Counter()
    fired: Counter[str] = Counter()
    shown, told, asked = [], [], []
    for answers in cohort(content, count, seed, today):
        screening = screen_answers(answers, today, content).result
        tiers[screening.flags[0].tier if screening.flags else "none"] += 1
        fired.update(flag.rule for flag in screening.flags)
        for tier in _PRESSING:
            raised = [flag for flag in screening.flags if flag.tier == tier and not flag.superseded]
            if len(raised) == 1 and screening.flags[0].tier == tier:
                sole[raised[0].rule, tier] += 1
        live = [flag for flag in screening.flags if not flag.superseded]
        shown.append(sum(flag.tier != "info" for flag in live))
        told.append(len(topics(live, content, content.languages[0])))
        asked.append(len({missing.link_id for ask in screening.to_ask for missing in ask.missing}))
    return Attention(
        people=count,
        tiers={tier: tiers[tier] / count for tier in (*TIERS, "none")},
        first_screen=median(shown),
        lines=median(told),
        to_ask=median(asked),
        sole={key: number / count for key, number in sole.items()},
        fired={rule: number / count for rule, number in fired.items()},
        silent=tuple(plan.rule.id for plan in content.program.rules if plan.rule.id not in fired),
    )


def findings(measured: Attention, content: Content) -> Iterator[Finding]:
    """A finding for every limit of site.yaml that the made-up clinic is above."""
    limits = content.site.attention
    if limits is None:
        return
    for tier, limit in (("urgent", limits.urgent), ("high", limits.high)):
        share = measured.tiers[tier]
        if share > limit:
            yield _finding("K001", f"{share:.1%} of the made-up clinic come out {tier}, more than {limit:.0%}.")
    for (rule, tier), share in sorted(measured.sole.items()):
        if share > limits.alone:
            yield _finding(
                "K002", f"{rule} alone makes {share:.1%} of the made-up clinic {tier}, more than {limits.alone:.0%}."
            )
    for what, number, most in (
        ("flags on the first screen", measured.first_screen, limits.first_screen),
        ("lines on the last page", measured.lines, limits.lines),
    ):
        if number > most:
            yield _finding("K003", f"A typical person has {number:g} {what}, more than {most}.")


def _finding(code: str, what: str) -> Finding:
    return Finding("content/site.yaml", 1, code, what, CODES[code].remedy, "site attention")
