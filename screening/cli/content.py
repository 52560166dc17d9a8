"""Commands for whoever writes content: its findings, its proofs, its words, and made-up people."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.cli.terminal import FINDINGS, SHIPPED, WRONG_USE, ContentDirectory, environment, loaded, say, today
from screening.engine.content import Content

if TYPE_CHECKING:  # only loaded by the commands that use it
    from screening.authoring.lint.manuscript import LintContext

app = typer.Typer()


@app.command()
def check(
    directory: Annotated[Path, typer.Argument(help="The content directory.")] = SHIPPED,
    as_json: Annotated[bool, typer.Option("--json", help="Findings as JSON.")] = False,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep", help="Also whether the worked cases would catch mistakes, and whether everything can happen."
        ),
    ] = False,
    cohort: Annotated[
        bool,
        typer.Option(
            "--cohort", help="Also what the rules come to on a made-up clinic, held to the limits of site.yaml."
        ),
    ] = False,
    witness: Annotated[
        str | None, typer.Option(help="Only show patients for this item, rule or named condition.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Only show whom the content in this directory treated otherwise.")
    ] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="What will be due on this day, as 2027-11-30.")
    ] = None,
) -> None:
    """Every finding of the content, worked cases included."""
    from screening.authoring.check import check as examine

    if witness is not None:
        _witness(loaded(directory), witness)
        return
    if against is not None:
        _compare(loaded(against), loaded(directory))
        return
    content, findings = examine(directory, (on or datetime.now(UTC)).date())
    if content and deep:
        from screening.authoring.mutation.strength import strength
        from screening.authoring.proof.reach import reach

        for measured in (strength(content), reach(content)):
            findings = sorted({*findings, *measured.findings})
            say(str(measured))
    if content:
        from exports.prep_sheet import template_findings

        sheet = template_findings(content, directory / "prep-sheet.typ", today(content))
        findings = sorted({*findings, *sheet})
    if content and cohort:
        from screening.authoring.samples import attention

        counted = attention.attention(content, today(content))
        findings = sorted({*findings, *attention.findings(counted, content)})
        for line in counted.lines_of_report():
            say(line)
    errors = [finding for finding in findings if finding.level == "error"]
    warnings = [finding for finding in findings if finding.level == "warning"]
    if as_json:
        typer.echo(json.dumps([{**vars(finding), "level": finding.level} for finding in findings], ensure_ascii=False))
    else:
        for finding in errors:
            typer.echo(str(finding))
        for finding in warnings:
            typer.echo(f"warning {finding}")
    if content:
        total = sum(len(rule.cases) for rule in content.rules)
        say(f"{len(content.items)} items, {len(content.rules)} rules, {total} cases, content {content.hash[:12]}.")
    say(f"{len(errors)} errors, {len(warnings)} warnings." if findings else "No findings.")
    raise typer.Exit(FINDINGS if errors else 0)


@app.command()
def findings() -> None:
    """Every kind of finding of `check`, as the page docs/findings.md."""
    from screening.authoring.book.findings_page import page

    typer.echo(page(), nl=False)


@app.command()
def reading(content: ContentDirectory = SHIPPED) -> None:
    """How hard the English that patients read is: the hardest sentences with their school grade, and the median."""
    from screening.authoring.lint import reading as work

    sentences = sorted(work.graded(written(content)), key=lambda one: -one.grade)
    for one in sentences[:40]:
        typer.echo(f"{one.grade:5.1f}  {one.passage.place}: {one.words}")
    say(str(work.reading(sentences)))


@app.command()
def translations(
    directory: Annotated[Path, typer.Argument(help="The content directory.")] = SHIPPED,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Note that every translation is right as it is now.")
    ] = False,
) -> None:
    """What `check` compares to tell which translations are stale (T004), printed or, with --confirm, written."""
    from screening.authoring.lint import translation as work

    text = work.confirmed(written(directory))
    if confirm:
        (directory / work.FILE).write_text(text, "utf-8")
        say(f"{directory / work.FILE} says that every translation is right.")
    else:
        typer.echo(text, nl=False)


def _witness(content: Content, name: str) -> None:
    """Made-up patients for whom it happens, or a finding where it never can."""
    from screening.authoring.proof.reach import witnesses

    found, findings = witnesses(content, name)
    if not found and not findings:
        say(f"There is no item, rule or named condition {name!r}.")
        raise typer.Exit(WRONG_USE)
    for one in found:
        typer.echo(one.shown(content))
    for finding in findings:
        typer.echo(str(finding))
    raise typer.Exit(FINDINGS if findings else 0)


def _compare(before: Content, now: Content) -> None:
    """Exit 0 where every patient is proven to be treated alike, else 1 with patients who are not."""
    from screening.authoring.proof.compare import compare

    found = compare(before, now)
    for line in found.lines():
        typer.echo(line)
    say(f"Compared {found.rules} rules and {found.items} items; wording, sources and worked cases are not compared.")
    say(f"{len(found.differences)} differences." if found.differences else "Every patient is treated alike.")
    raise typer.Exit(FINDINGS if found.differences else 0)


def written(directory: Path) -> LintContext:
    """The content as its author wrote it, or exit 3 with every finding in plain words."""
    from screening.authoring.lint.manuscript import LintContext
    from screening.loading.load import manuscript

    loaded(directory)
    return LintContext(manuscript(directory), datetime.now(UTC).date())


@app.command()
def questions(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False, content: ContentDirectory = SHIPPED
) -> None:
    """Every item in order, with its type, options, gate and section."""
    ready = loaded(content)
    listed = []
    for section in ready.sections:
        for item in section.items:
            entry = item.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
            entry["options"] = [option.model_dump(mode="json", exclude_none=True) for option in item.options]
            entry.pop("answer_option", None)
            entry |= {"link_id": item.link_id, "type": item.type, "section": section.section}
            entry["gate"] = entry.pop("enable_when", None)
            listed.append(entry)
    if as_json:
        typer.echo(json.dumps(listed, ensure_ascii=False))
    else:
        for entry in listed:
            typer.echo(
                f"{entry['section']:22} {entry['link_id']:30} {entry['type']:12} {entry['text'][ready.languages[0]]}"
            )


@app.command()
def table(
    out: Annotated[Path, typer.Option(help="The directory to write into.")],
    content: ContentDirectory = SHIPPED,
    language: Annotated[
        str | None, typer.Option(help="Language of questions and options; by default the first of the content.")
    ] = None,
) -> None:
    """Every question and rule in plain words, to read and sign: rules.html and rules.pdf."""
    from screening.authoring.book.compile_book import rulebook
    from screening.authoring.book.review_table import write

    ready = loaded(content)
    if language not in (None, *ready.languages):
        say(f"No language {language!r}; there are {', '.join(ready.languages)}.")
        raise typer.Exit(WRONG_USE)
    with environment():
        html, pdf = write(rulebook(ready, language), out)
    say(f"{len(ready.items)} questions and {len(ready.rules)} rules in {html} and {pdf}.")


@app.command()
def generate(
    count: Annotated[int, typer.Option(min=1)] = 10, seed: int = 1, content: ContentDirectory = SHIPPED
) -> None:
    """Made-up responses that honour skip logic, one JSON a line."""
    from screening.authoring.samples.generate import responses

    ready = loaded(content)
    for response in responses(ready, count, seed, today(ready)):
        typer.echo(json.dumps(response, ensure_ascii=False))
