"""Every answer is saved as it is given: the form's draft, and what the person must know about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from screening.model.addresses import CONSENT
from screening.model.item import HelpKind
from screening.ui.form.form import Form
from screening.ui.visitor import device
from screening.use_cases.intake import Draft, DraftGone, NotSaved, Receipt, new_form

_ANSWER, _PROGRESS = "answer ", "way"
Look = Literal["device", "light", "dim"]


@dataclass
class Progress:
    """How far one person came. `form`: the name of this filling-in; `furthest`: the address of their furthest page.

    sent: what was sent of this form while the person goes on. help_shown: the kinds of help that a form which was sent
    had asked for, as its draft keeps them. look: light or dim pages, or as the device has it; listens: whether each
    question has a button that reads it aloud.
    """

    form: str = field(default_factory=new_form)
    agreed: dict[str, Any] | None = None
    furthest: str = ""
    receipt: Receipt | None = None
    sent: Receipt | None = None
    help_shown: tuple[HelpKind, ...] = ()
    look: Look = "device"
    listens: bool = False

    def stored(self, language: str) -> dict[str, Any]:
        """What the draft keeps of it."""
        kept: dict[str, Any] = {
            "language": language,
            "furthest": self.furthest,
            "agreed": self.agreed,
            "form": self.form,
        }
        kept |= {"look": self.look, "listens": self.listens}
        sent = self.sent
        return kept | ({"sent": [f"{sent.reference}-{sent.times}", sent.received.isoformat()]} if sent else {})

    def as_in(self, draft: Draft) -> None:
        """Look and sound as they were chosen in a draft, also while nobody has said yet whose it is."""
        kept = draft.values.get(_PROGRESS) or {}
        self.look, self.listens = kept.get("look", "device"), kept.get("listens", False)


@dataclass
class Autosave:
    """The draft of one form. Saves what changed, takes over what another window saved.

    code: opens the draft on any device. unsaved: the last answers could not be saved. gone: the draft was closed
    elsewhere. conflicts: link_ids that were answered differently in another window; None when none is known of.
    """

    draft: Draft | None = None
    code: str = ""
    unsaved: bool = False
    gone: bool = False
    conflicts: list[str] | None = None
    _saved: dict[str, Any] = field(default_factory=dict)

    def save(self, form: Form, progress: Progress) -> bool:
        """Save what changed since the last time; whether there is something new to tell the person. Never raises."""
        before = (self.unsaved, self.gone, self.conflicts, progress.receipt)
        if progress.agreed and not progress.receipt and not self.gone:
            try:
                self._save(form, progress)
                self.unsaved = False
            except NotSaved:
                self.unsaved = True
            except DraftGone as error:
                self.draft = None
                if error.sent:
                    progress.receipt = _receipt(error.sent.reference, error.sent.received)
                else:
                    self.gone = True
        return before != (self.unsaved, self.gone, self.conflicts, progress.receipt)

    def _save(self, form: Form, progress: Progress) -> None:
        now = progress.stored(form.language)
        if self.draft is None:
            values = {f"{_ANSWER}{link_id}": value for link_id, value in form.typed.items()}
            self.draft, self.code = form.intake.begin(device(), {**values, _PROGRESS: now}, progress.furthest)
            form.changed, self._saved = set(), now
            return
        changed = set(form.changed)
        values = {f"{_ANSWER}{link_id}": form.typed.get(link_id) for link_id in changed}
        if now != self._saved:
            values[_PROGRESS] = now
        if not values:
            return
        came = progress.furthest != self._saved.get("furthest") and progress.furthest != CONSENT
        saved = form.intake.save(self.draft, values, progress.furthest if came else "")
        form.changed -= changed
        self._saved = now
        conflicts = [name.removeprefix(_ANSWER) for name in saved.conflicts if name.startswith(_ANSWER)]
        if _answers(saved.others) or conflicts:
            form.take(_answers(saved.others))
            self.conflicts = [*(self.conflicts or []), *conflicts]
            form.widget_generation += 1

    def adopt(self, draft: Draft, form: Form) -> Progress:
        """Go on with a draft in this form, under the content that it was begun with."""
        self.draft, self.code = draft, draft.values.get("code", "")
        self._saved = draft.values.get(_PROGRESS) or {}
        form.intake = form.intake.under(draft.content) or form.intake
        form.language = self._saved.get("language", form.language)
        form.typed, form.changed = {}, set()
        form.take(_answers(draft.values))
        form.widget_generation += 1
        sent = draft.sent
        progress = Progress(
            agreed=self._saved.get("agreed"),
            furthest=self._saved.get("furthest", ""),
            receipt=_receipt(sent.reference, sent.received) if sent else None,
            sent=_receipt(*self._saved["sent"]) if self._saved.get("sent") else None,
            help_shown=sent.help_shown if sent else (),
        )
        progress.as_in(draft)
        progress.form = self._saved.get("form", progress.form)
        return progress


def _answers(values: Any) -> dict[str, Any]:
    return {name.removeprefix(_ANSWER): value for name, value in values.items() if name.startswith(_ANSWER)}


def _receipt(reference: str, received: str) -> Receipt:
    return Receipt.of(reference, datetime.fromisoformat(received))
