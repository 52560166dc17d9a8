"""What people write around the names of medicines: words and breaks, doses, how often and by what way.

Typed text is cut into tokens. A break before a token ends a clause (comma, bracket, "and") or a sentence (line,
semicolon, stop).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from screening.medicines.words import CONNECTORS, wordset

NONE, LOOSE, CLAUSE, SENTENCE, LINE = range(5)
"""How much of a break stands before a token. Names may run over a LOOSE one ("cold + flu")."""


class Token(NamedTuple):
    """A word or number. `word` is folded; `start` and `end` are places in the typed text; `glued` is without space
    before."""

    word: str
    start: int
    end: int
    gap: int
    glued: bool


_TOKEN = re.compile(r"[^\W\d_]+(?:['’`´][^\W\d_]+)*|\d+")
_NOT_A_STOP = wordset("st dr mr mrs ms vs approx sra sr no")


def fold(text: str) -> str:
    """Lower case without accents, apostrophes or compatibility forms."""
    if text.isascii():
        return text.lower().replace("'", "")
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return plain.lower().replace("'", "").replace("’", "").replace("`", "").replace("´", "")


def tokenise(typed: str) -> list[Token]:
    """The words and numbers of `typed`, in order."""
    tokens: list[Token] = []
    last = 0
    for found in _TOKEN.finditer(typed):
        start, end = found.span()
        word = fold(found.group())
        if word:
            between = typed[last:start]
            tokens.append(
                Token(word, start, end, _gap(between, tokens[-1].word) if tokens else NONE, between in ("", "-"))
            )
            last = end
    return tokens


def _gap(between: str, before: str) -> int:
    bare = between.strip()
    if "\n" in between or "•" in bare or "·" in bare or "*" in bare:
        return LINE
    if not bare:
        return NONE
    if ";" in bare or "?" in bare or "!" in bare or "¿" in bare or "|" in bare:
        return SENTENCE
    if "." in bare and between[-1:].isspace() and len(before) > 1 and before not in _NOT_A_STOP:
        return SENTENCE
    if any(one in bare for one in "()[]:—–"):
        return CLAUSE
    if "," in bare:
        return CLAUSE if len(between) > 1 or not before.isdigit() else NONE
    if bare in ("-", "--", "->", "=", "→"):
        return CLAUSE if between != bare else NONE
    return LOOSE if bare[0] in "+&/" else NONE


def clauses_of(tokens: Sequence[Token], inside: frozenset[int]) -> tuple[list[int], list[int]]:
    """(clause number, sentence number) of each token. `inside` are the tokens within a name, which break nothing."""
    clause = sentence = 0
    clauses, sentences = [], []
    for n, token in enumerate(tokens):
        if n and n not in inside:
            if token.gap >= SENTENCE:
                sentence += 1
                clause += 1
            elif token.gap >= LOOSE or (token.word in CONNECTORS and tokens[n - 1].word not in CONNECTORS):
                clause += 1
        clauses.append(clause)
        sentences.append(sentence)
    return clauses, sentences


# ---------------------------------------------------------------- dose, frequency, route

_DOSE = re.compile(
    r"(?<![\w.])(\d{0,6}[.,]?\d{1,6}(?: ?[-/] ?\d{1,6}(?:[.,]\d{1,4})?)? ?"
    r"(?:mgs?|mcg|[uµμ]g|g|mls?|iu|units?|unidades|meq|%)(?: ?/ ?(?:hr?|hour|ml|day))?)(?!\w)",
    re.IGNORECASE,
)
_BARE_DOSE = re.compile(r"(?<![\w./-])(\d{0,4}[.,]?\d{1,4}(?:[-/]\d{1,4})?)(?![\w./-])")
_FREQUENCY = re.compile(
    r"\b("
    r"(?:once|twice|three times|four times|\d{1,2} ?(?:x|times)|una vez|dos veces|tres veces) ?(?:a|per|al|por|/)? ?"
    r"(?:day|week|month|d[ií]a|semana|mes)"
    r"|(?:once|twice) (?:daily|weekly|monthly)"
    r"|every (?:\w{1,10} )?(?:hours?|days?|nights?|weeks?|months?|mornings?|evenings?|h)|cada \d{1,2} "
    r"horas|cada \w{1,10}"
    r"|q ?\d{1,2}(?:-\d{1,2})? ?h(?:rs?)?|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.?d|qhs|qam|qpm|qod"
    r"|daily|nightly|weekly|monthly|prn|as needed|si es necesario|a diario|diario"
    r"|at (?:bedtime|night|nite)|in the (?:morning|evening)|por la noche|por la ma[nñ]ana"
    r")\b",
    re.IGNORECASE,
)
_ROUTES = {
    "topical": "cream crema ointment pomada gel lotion shampoo topical foam itch ung",
    "eye": "eye ophthalmic oftalmico ojos ojo",
    "ear": "ear otic oido",
    "nasal": "nasal nose nostril intranasal nariz",
    "rectal": "rectal suppository suppositories supositorio rectally enema",
    "vaginal": "vaginal vaginally",
    "patch": "patch patches parche parches transdermal",
    "implant": "implant implants implante implantes pellet pellets",
    "injection": "injection injections injectable inject shot shots inyeccion inyecciones iv im subq infusion "
    "infusions",
    "inhaled": "inhaler inhaled inhalador nebulizer puff puffs",
    "sublingual": "sublingual tongue sl lengua",
    "oral": (
        "oral orally mouth po tablet tablets tab tabs pill pills capsule capsules pastilla pastillas tableta "
        "tabletas syrup"
    ),
}
_ROUTE_OF = {word: route for route, words in _ROUTES.items() for word in words.split()}


def dose_of(text: str) -> str | None:
    """The first amount in `text`, as typed: "0.5 mg", "5/325"."""
    found = _DOSE.search(text) or _BARE_DOSE.search(text)
    return found.group(1).strip() if found else None


def frequency_of(text: str) -> str | None:
    """How often, as typed: "twice a day", "prn"."""
    found = _FREQUENCY.search(text)
    return found.group(1) if found else None


_AS_NEEDED = re.compile(
    r"\b(?:as needed|if needed|when needed|prn|if necessary|si es necesario|si hace falta|cuando hace falta)\b",
    re.IGNORECASE,
)


def says_how(text: str) -> bool:
    """Whether the text itself says how often, and that it is no more than as needed: then it need not be asked."""
    return frequency_of(text) is not None and not _AS_NEEDED.search(text)


def route_of(words: Iterable[str]) -> str | None:
    """The way it is taken, if a word says so."""
    return next((_ROUTE_OF[word] for word in words if word in _ROUTE_OF), None)
