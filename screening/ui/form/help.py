"""The clinic's local help: at once under the answer that asks for it, and again wherever it must not be missed."""

from __future__ import annotations

from screening.model.questionnaire import HelpKind
from screening.ui.form.form import Form
from screening.ui.html import each, show


def help_kinds(form: Form) -> list[HelpKind]:
    """The kinds of help that the answers ask for now, emergency first."""
    return sorted({block for _, block in form.facts.help_blocks()}, reverse=True)


def help_block(form: Form, kind: HelpKind) -> None:
    """The local help of one kind, in the person's language."""
    block = getattr(form.intake.content.site.help, kind)
    language = form.language
    show(
        '<div class="help-block" role="alert"><h2>{}</h2><div class="actions">{}</div><ul>{}</ul></div>',
        block.title[language],
        each('<a href="{}">{}</a>', [(action.href, action.text[language]) for action in block.actions]),
        each("<li>{}</li>", [line[language] for line in block.lines]),
    )
