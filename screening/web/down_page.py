"""What a proxy shows while the app is down: the clinic's telephone and the help line, in every language."""

from __future__ import annotations

from html import escape

from screening.engine.content import Content

_STYLE = (
    "body{margin:0;background:#f4f6f8;color:#0b1117;font:1.25rem/1.5 sans-serif}"
    "main{max-width:40rem;margin:auto;padding:2rem}"
)


def down_page(content: Content) -> str:
    """One page of plain HTML that needs nothing else."""
    clinic = content.site.clinic
    words = ""
    for language in content.languages:
        values = {"clinic": clinic.name[language], "phone": clinic.phone, "hours": clinic.hours[language]}
        lines = (content.words["down"][language].format_map(values), content.site.help.line[language])
        words += f'<div lang="{language}">{"".join(f"<p>{escape(line)}</p>" for line in lines)}</div>'
    return (
        f'<!doctype html><html lang="{content.languages[0]}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(clinic.name[content.languages[0]])}</title><style>{_STYLE}</style><main>{words}</main></html>\n"
    )
