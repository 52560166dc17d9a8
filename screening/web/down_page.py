"""What a proxy shows while the app is down: the clinic's telephone and the help line, in every language."""

from __future__ import annotations

from html import escape

from screening.engine.content import Content
from screening.web.shell import icon_link

_STYLE = (
    "body{margin:0;border-top:4px solid var(--accent);background:var(--page);color:var(--ink);"
    "font:1.25rem/1.5 sans-serif}"
    "main{max-width:40rem;margin:auto;padding:2rem}img{height:3rem;max-width:100%}"
)


def down_page(content: Content) -> str:
    """One page of plain HTML that needs nothing else."""
    clinic = content.site.clinic
    words = f'<img src="{content.logo.address}" alt="">' if content.logo else ""
    for language in content.languages:
        values = {"clinic": clinic.name[language], "phone": clinic.phone, "hours": clinic.hours[language]}
        lines = (content.words["down"][language].format_map(values), content.site.help.line[language])
        words += f'<div lang="{language}">{"".join(f"<p>{escape(line)}</p>" for line in lines)}</div>'
    return (
        f'<!doctype html><html lang="{content.languages[0]}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(clinic.name[content.languages[0]])}</title>{icon_link(content)}"
        f"<style>:root{{{content.site.brand.variables()}}}{_STYLE}</style><main>{words}</main></html>\n"
    )
