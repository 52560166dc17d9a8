"""The clinic's local help: at once under the answer that asks for it, and again wherever it must not be missed."""

from __future__ import annotations

from screening.model.item import HELP_KINDS, HelpKind
from screening.ui.form.form import Form
from screening.ui.html import each, show


def help_kinds(form: Form, link_id: str | None = None) -> list[HelpKind]:
    """The kinds of help that the answers ask for now, or the answer to one question does, most pressing first."""
    asked = {block for item, block in form.facts.help_blocks() if link_id in (None, item)}
    return [kind for kind in HELP_KINDS if kind in asked]


def help_block(form: Form, kind: HelpKind, *, sent: bool = False) -> None:
    """The local help of one kind, in the person's language. sent: the form is with the clinic already."""
    block = form.help(kind)
    language = form.language
    lines = (*block.lines, *(block.sent if sent else block.not_sent))
    show(
        '<div class="help-block" role="alert"><h2>{}</h2><div class="actions">{}</div><ul>{}</ul></div>',
        block.title[language],
        each('<a href="{}">{}</a>', [(action.address(language), action.text[language]) for action in block.actions]),
        each("<li>{}</li>", [form.fill(line, form.site()) for line in lines]),
    )
