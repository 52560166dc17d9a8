"""What a patient can do: answer, stop and come back, submit, and take a copy away. The only door from the patient pages
to the records."""

from __future__ import annotations

import secrets
import tarfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.response import Problem
from screening.engine.screen import facts_of, screen, screen_answers
from screening.engine.summary import summary_of
from screening.engine.topics import topics
from screening.loading.archive import packed, unpacked
from screening.loading.finding import ContentError
from screening.loading.load import load
from screening.records.accounts.attempts import network
from screening.records.database import NotSaved
from screening.records.drafts import ALPHABET, Draft, DraftGone, Saved, Secret, Sent, by_code, new_code
from screening.records.record import Submission
from screening.records.store import Store
from screening.settings import ROOT, Settings, in_use
from screening.use_cases.limits_of_forms import FormLimits, TooMany

__all__ = [
    "Draft",
    "DraftGone",
    "Intake",
    "NotReady",
    "NotSaved",
    "Receipt",
    "Saved",
    "Secret",
    "Sent",
    "TooMany",
    "open_intake",
    "new_form",
]


class NotReady(Exception):
    """The form cannot be sent yet: consent is missing, or an answer is needed or cannot be accepted. Holds codes, never
    answers."""


@dataclass(frozen=True)
class Receipt:
    """What a person gets when everything is kept: the code by which the clinic finds it.

    times: how often they sent this form; what was sent later has the same code, with the number behind it for staff.
    """

    reference: str
    received: datetime
    times: int = 1

    @classmethod
    def of(cls, kept: str, received: datetime) -> Receipt:
        """From the reference under which something is kept: ABCD-EFGH, or ABCD-EFGH-2."""
        first, second, *times = kept.split("-")
        return cls(f"{first}-{second}", received, int(times[0]) if times else 1)


class Intake:
    """The patient's side of one clinic: one version of its content, and its store."""

    def __init__(self, content: Content, store: Store, directory: Path = ROOT / "content") -> None:
        self.content, self.store, self.directory = content, store, directory
        self.zone = ZoneInfo(content.site.clinic.time_zone)
        self._under: dict[str, Intake] = {content.hash: self}
        self._limits = FormLimits()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Intake:
        """Load the content and open the store. Raises ContentError, EnvironmentProblem or NotSaved."""
        content = load(settings.content)
        intake = cls(content, Store.open(settings, opens=settings.role != "patient"), settings.content)
        try:
            archive = packed(settings.content, content.hash)
        except OSError as error:
            raise NotSaved(str(error)) from None
        intake.store.keep_content(content.hash, archive, intake.now())
        return intake

    def under(self, content: str) -> Intake | None:
        """The same desk with the content of an earlier day; None if that version is not there or cannot be read any
        more."""
        with self._lock:
            if content not in self._under:
                try:
                    found = unpacked(self.store.archive(content))
                except (KeyError, ContentError, tarfile.TarError, OSError):
                    return None
                # The program says more than it did on that day: words that were not there yet are those of today.
                found = replace(found, words={**self.content.words, **found.words})
                earlier = Intake(found, self.store, self.directory)
                earlier._limits, earlier._under, earlier._lock = self._limits, self._under, self._lock
                self._under[content] = earlier
            return self._under[content]

    def now(self) -> datetime:
        """The clinic's own time."""
        return datetime.now(self.zone)

    def today(self) -> date:
        """The clinic's own date."""
        return self.now().date()

    def facts(self, typed: Mapping[str, Any]) -> tuple[ResponseFacts, tuple[Problem, ...]]:
        """What was typed so far as facts, and what in it cannot be accepted yet."""
        return facts_of(typed, self.today(), self.content)

    # ------------------------------------------------------------ stop and come back

    def begin(self, device: Secret | None, values: Mapping[str, Any], reached: str = "") -> tuple[Draft, str]:
        """A draft for this device, and the code that opens it anywhere. `reached`: as in `save`. Raises NotSaved."""
        code = new_code()
        secret = by_code(code)
        assert secret is not None
        opens = {"code": secret, **({"device": device} if device else {})}
        if device:
            self.store.drafts.unbind(device)  # what this device had before stays open to its own code
        days = self.content.site.draft_days
        return self.store.drafts.begin(
            self.content.hash, opens, {**values, "code": code}, self.now(), days, reached
        ), code

    def on_device(self, device: Secret) -> Draft | None:
        """The draft that was begun or opened on this device. Raises NotSaved."""
        return self.store.drafts.find(device, self.now())

    def resume(self, typed: str, address: str, device: Secret | None) -> Draft | None:
        """The draft of a code as somebody typed it, which this device opens from now on. Raises TooMany or NotSaved."""
        secret = by_code(typed)
        try:
            if secret:
                self._limits.tried(device.lookup if device else "", address)
        except TooMany:
            self.store.refusals.count("code", network(address))
            raise
        draft = self.store.drafts.find(secret, self.now()) if secret else None
        if draft is None:
            self.store.refusals.count("code", network(address))
        if draft and device:
            self.store.drafts.bind(draft, device, "device")
        return draft

    def save(self, draft: Draft, values: Mapping[str, Any], reached: str = "") -> Saved:
        """Save what changed. `reached`: the page that this form came to for the first time; only how many did is kept.

        Raises NotSaved or DraftGone.
        """
        return self.store.drafts.save(draft, values, self.now(), self.content.site.draft_days, reached)

    def leave(self, device: Secret) -> None:
        """This device opens no draft any more. Raises NotSaved."""
        self.store.drafts.unbind(device)

    # ------------------------------------------------------------ send

    def problems(self, typed: Mapping[str, Any]) -> dict[str, str]:
        """link_id -> code of what cannot be accepted, and of required items that are empty; only items that are
        asked."""
        facts, problems = self.facts(typed)
        return missing(facts, problems, typed)

    def submit(
        self,
        form: str,
        typed: Mapping[str, Any],
        language: str,
        consent: Mapping[str, Any],
        draft: Draft | None = None,
        address: str = "",
        *,
        before: Receipt | None = None,
        goes_on: bool = False,
    ) -> Receipt:
        """Screen and keep the answers of the items that are asked. Raises NotReady, TooMany or NotSaved; sending twice
        keeps one.

        Answers typed for items that are no longer asked do not exist and are not kept. before: what was sent of this
        form already; what is sent now is kept beside it. goes_on: the person may answer more, so the draft stays.
        """
        told = self.content.questionnaire.consent
        if consent.get("version") != told.version:
            raise NotReady("consent")
        outcome = screen_answers(typed, self.today(), self.content)
        if wrong := missing(outcome.facts, outcome.problems, typed):
            raise NotReady(", ".join(sorted(set(wrong.values()))))
        times = before.times + 1 if before else 1
        form = f"{form}.{times}" if goes_on else form
        try:
            self._limits.may_send(form, address)
        except TooMany:
            self.store.refusals.count("sending", network(address))
            raise
        response, result = outcome.response, outcome.result
        one = Submission(
            form,
            response.authored.isoformat(),
            language,
            dict(consent),
            dict(response.answers),
            self.content.hash,
            result.tier,
            result.stored(),
            asdict(summary_of(response.answers, result, self.content)),
        )
        now = self.now()
        help_shown = tuple(sorted({block for _, block in outcome.facts.help_blocks()}))
        for _ in range(3):
            try:
                reference = f"{before.reference}-{times}" if before else new_reference()
                closes = None if goes_on else draft
                reference = self.store.submit(one, reference, now, closes, help_shown=help_shown)
                self._limits.sent(form, address)
                return Receipt.of(reference, now)
            except NotSaved as error:
                if "reference" not in str(error):
                    raise
        raise NotSaved("no free reference")

    def topics(self, facts: ResponseFacts, language: str, private: bool = True) -> list[str]:
        """What a person reads of their flags, one line for each tier, the most specific of a topic; none if switched
        off. Not private: none that rests on an answer of a private section."""
        if not self.content.site.show_topics_to_patients:
            return []
        hidden = set() if private else self.content.private_items
        flags = screen(facts, self.content).to_discuss()
        open_flags = [flag for flag in flags if hidden.isdisjoint(one.link_id for one in flag.evidence)]
        return topics(open_flags, self.content, language)

    def copy(self, receipt: Receipt, facts: ResponseFacts, language: str, private: bool) -> bytes:
        """The person's own copy as a PDF; with what is private only where they ask for it."""
        from exports.patient_copy import patient_copy  # typesetting is only loaded when somebody wants a copy

        listed = self.topics(facts, language, private)
        return patient_copy(self.content, receipt.reference, receipt.received, facts, listed, language, private)


def missing(facts: ResponseFacts, problems: tuple[Problem, ...], typed: Mapping[str, Any]) -> dict[str, str]:
    """link_id -> code of what cannot be accepted, and of required items that are empty; only items that are asked."""
    by_link = {one.link_id: one.code for one in problems}
    found = {}
    for plan in facts.asked:
        link_id = plan.item.link_id
        if link_id in by_link:
            found[link_id] = by_link[link_id]
        elif plan.item.required and link_id not in typed:
            found[link_id] = "empty"
    return found


def new_form() -> str:
    """A name for one filling-in of the form."""
    return secrets.token_hex(16)


def new_reference() -> str:
    """A code that can be read out on the telephone: 8 characters, 39 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


_opening = threading.Lock()


def open_intake() -> Intake:
    """The intake of this process; opened once, however many people arrive at the same moment."""
    with _opening:
        return opened(in_use())


@cache
def opened(settings: Settings) -> Intake:
    """See `open_intake`."""
    return Intake.open(settings)
