"""Nothing typed becomes markup: templates are literals, and every value that is put into one is escaped."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from screening.settings import ROOT
from screening.ui.html import each, html

UI = ROOT / "screening" / "ui"
PAGES = sorted(path for path in UI.rglob("*.py") if path.name != "html.py")


@given(st.text())
def test_whatever_is_put_into_a_template_is_words_never_markup(typed):
    words = str(html("<p title='{}'>{}</p>", typed, typed)).removeprefix("<p title='").removesuffix("</p>")
    assert not set("<\"'") & set(words.replace("'>", "", 1))
    assert str(each("<li>{}</li>", [typed, (typed,)])).count("<") == 4


def test_markup_of_ours_stays_markup():
    assert str(html("<ul>{}</ul>", each("<li>{}: {}</li>", [("a", "<b>")]))) == "<ul><li>a: &lt;b&gt;</li></ul>"


def test_templates_are_literals_and_nothing_else_draws_html():
    for path in PAGES:
        tree = ast.parse(path.read_text("utf-8"))
        literal = {
            target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("html", "each", "show")
            ):
                template = node.args[0]
                named = isinstance(template, ast.Name) and template.id in literal
                assert named or isinstance(template, ast.Constant), f"{where}: a template is a plain string"
            assert not (isinstance(node, ast.Attribute) and node.attr == "html"), f"{where}: use screening.ui.html"
            assert not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Html"), (
                where
            )
            assert not (isinstance(node, ast.Name) and node.id in ("Markup", "escape")), (
                f"{where}: use screening.ui.html"
            )
