"""What patients read: no verdicts, no jargon, no advice about medicines, and plain well-formed sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from screening.authoring.lint.manuscript import Kind, LintContext
from screening.authoring.lint.reading import sentences
from screening.loading.finding import Finding

# Verdicts, promises, blame.
BANNED = {
    "en": r"eligib\w*|ineligib\w*|approved?|denied|candidates?|qualif\w*|cleared|disqualif\w*|diagnos(is|ed|e)|"
    r"contraindicat\w*|dangerous|"
    r"addicts?|abusers?|drug-seek\w*|commit suicide|risk score|medications?|you may have|this suggests|you are safe",
    "es": r"elegib\w*|apto|apta|aprobad[oa]s?|rechazad[oa]s?|candidat[oa]s?|califica\w*|diagnóstico|contraindicad\w*|"
    r"peligros[oa]s?|"
    r"adict[oa]s?|medicación|medicamentos?|esto sugiere",
}
# What clinicians say among themselves, tier names included.
JARGON = {
    "en": r"hypertensi\w*|agonists?|antagonists?|benzodiazepines?|MAOIs?|SSRIs?|NSAIDs?|CNS|prn|comorbid\w*|"
    r"anticoagula\w*|antithromb\w*|hepatic|renal|cardiac|pulmonary|dyspn(o)?ea|intravenous\w*|prophyla\w*|etiology|aetiology|sequelae|"
    r"red flags?|urgent tier|high tier|suicidality|ideation|noncomplian\w*|non-complian\w*|malingering",
    "es": r"hipertens\w*|agonistas?|antagonistas?|benzodiacepinas?|IMAO|ISRS|AINE|SNC|comorbil\w*|"
    r"antitrombóti\w*|hepátic[oa]s?|disnea|intravenos[oa]s?|profila\w*|etiología|secuelas|"
    r"banderas? rojas?|ideación",
}
# An amount, or what to do with a medicine; "do not stop or change" is the one thing that may be said.
ADVICE = {
    "en": r"\d[\d.,]* ?(mg|mcg|µg|milligrams?|micrograms?)\b|(?<!not )\b(stop|skip|start|begin|hold|keep) taking\b|"
    r"(?<!not )\b(increase|reduce|lower|raise|double|halve|change|stop|skip) (your|the|this) "
    r"(dose|medicines?|pills?)\b",
    "es": (
        r"\d[\d.,]* ?(mg|mcg|µg|miligramos?|microgramos?)\b|(?<!no )\b(deje|suspenda|empiece|comience) (de|a) "
        r"tomar\b|"
        r"(?<!no )\b(aumente|reduzca|baje|suba|doble|cambie|deje|suspenda) (su|la|esta|sus|las|estas) "
        r"(dosis|medicinas?|pastillas?)\b"
    ),
}
MARKUP = r"<[a-z/!][^>]*>|\*\*|__|\[[^]]*\]\(|^#+ |`|https?://|\bwww\.|&[a-z]+;"
NEGATIVES = {
    "en": r"\b(not|no|never|none|without|unable)\b|n't\b",
    "es": r"\b(no|nunca|ningun[oa]?|ningún|sin|jamás)\b",
}
NUMBER = r"(?<![\d.,])\+?\d[\d ()./-]{5,}\d|\b(988|911|112|999)\b"

LONGEST = {"question": 170, "hint": 220, "option": 130, "stem": 170, "title": 60, "prompt": 100}
"""Characters that a phone shows in about a third of its height, at the size of each."""
MOST_WORDS = 30
ALIKE = 0.85
"""From here on two texts say the same (share of letters in common)."""

_ENDS = ("question", "hint", "intro", "consent", "stem")
_ODD = {"So", "Cf", "Cc", "Co", "Cn"}
_FORBIDDEN = [
    (code, {language: re.compile(rf"(?<!\w)({words})(?!\w)", re.IGNORECASE) for language, words in lists.items()})
    for code, lists in (("W001", BANNED), ("W003", JARGON), ("W004", ADVICE))
]


def findings(draft: LintContext) -> Iterator[Finding]:
    """Everything about single texts that patients can read."""
    for passage in draft.passages:
        for language, text in passage.words.items():
            for code, what in _single(passage.kind, passage.instrument, language, text):
                yield draft.on(code, passage, language, what)
    yield from _hints(draft)
    yield from _stems(draft)


Found = Iterator[tuple[str, str]]


def _forbidden(kind: Kind, published: bool, language: str, text: str) -> Found:
    for code, patterns in _FORBIDDEN:
        hit = patterns[language].search(text) if language in patterns else None
        if hit:
            yield code, f'says "{hit.group()}" to patients.'


def _characters(kind: Kind, published: bool, language: str, text: str) -> Found:
    if kind not in ("help", "clinic"):
        hit = re.search(MARKUP, text, re.IGNORECASE | re.MULTILINE)
        if hit:
            yield "W005", f'holds "{hit.group()}".'
        number = re.search(NUMBER, text)
        if number and not published:
            yield "W017", f'holds the number "{number.group()}".'
    plain = text.isascii() and text.isprintable()
    odd = None if plain else next((char for char in text if unicodedata.category(char) in _ODD and char != "\n"), None)
    if odd:
        yield "W006", f"holds U+{ord(odd):04X} {unicodedata.name(odd, 'without a name').lower()}."
    if text != text.strip() or "  " in text:
        yield "W007", "begins or ends with a space, or has two in a row."


def _ending(kind: Kind, published: bool, language: str, text: str) -> Found:
    if kind in _ENDS and not published and not re.search(r"[.?!:]['\"”»)]?$", text.strip()):
        yield "W008", "does not end with a mark."
    if language == "es" and text.count("?") > text.count("¿"):
        yield "W013", 'asks without "¿".'


def _length(kind: Kind, published: bool, language: str, text: str) -> Found:
    most = LONGEST.get(kind)
    if most and len(text) > most:
        yield "W009", f"has {len(text)} characters; a {kind} fits in {most}."
    longest = max((len(sentence.split()) for sentence in sentences(text)), default=0)
    if longest > MOST_WORDS:
        yield "W016", f"has a sentence of {longest} words."


def _form(kind: Kind, published: bool, language: str, text: str) -> Found:
    if kind == "question" and not published:
        negatives = max(
            (len(re.findall(NEGATIVES.get(language, r"(?!)"), one, re.IGNORECASE)) for one in sentences(text)),
            default=0,
        )
        if negatives > 1 and "?" in text and "," not in text:
            yield "W011", f"holds {negatives} negatives."
        if text.count("?") > 1 or re.search(r"\b(and/or|y/o)\b", text, re.IGNORECASE):
            yield "W012", "asks two things."
    shouted = re.search(r"(?<![\w-])[A-ZÁÉÍÓÚÑ]{6,}(?![\w-])", text)
    if shouted:
        yield "W014", f'shouts "{shouted.group()}".'


_CHECKS: tuple[Callable[[Kind, bool, str, str], Found], ...] = (_forbidden, _characters, _ending, _length, _form)


@lru_cache(maxsize=8192)
def _single(kind: Kind, published: bool, language: str, text: str) -> tuple[tuple[str, str], ...]:
    """(code, what) for one text. Kept, as an author checks much the same texts again and again."""
    return tuple(found for check in _CHECKS for found in check(kind, published, language, text))


def _hints(draft: LintContext) -> Iterator[Finding]:
    questions = {(*one.path[:-1], one.file): one for one in draft.passages if one.kind == "question"}
    for hint in draft.passages:
        question = questions.get((*hint.path[:-1], hint.file)) if hint.kind == "hint" else None
        for language, text in hint.words.items() if question else ():
            asked = question.words.get(language, "") if question else ""
            pair = SequenceMatcher(None, text.lower().rstrip("?. "), asked.lower().rstrip("?. "))
            if pair.quick_ratio() > ALIKE and pair.ratio() > ALIKE:
                yield draft.on("W010", hint, language, "says what the question says.")


def _stems(draft: LintContext) -> Iterator[Finding]:
    first: dict[str, tuple[str, object]] = {}
    for file, path, item in draft.items():
        if item.instrument and item.stem:
            family = item.link_id.rstrip("0123456789")
            known = first.setdefault(family, (item.link_id, item.stem.root))
            if known[1] != item.stem.root:
                yield draft.at(
                    "W018",
                    file,
                    (*path, "stem"),
                    f"item {item.link_id} stem",
                    f"{item.link_id} and {known[0]} open differently.",
                )
