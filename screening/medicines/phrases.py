"""What people write around the names of medicines: words and breaks, doses, and whether a medicine is taken now.

Typed text is cut into tokens. A break before a token ends a clause (comma, bracket, "and") or a sentence (line,
semicolon, stop).
Cues such as "stopped", "allergic to" or "my wife takes" say what holds for the medicines near them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, NamedTuple, cast

from screening.medicines.words import CONNECTORS, FREQUENCY, KIN, PHRASES, PLURAL_PRONOUNS, PRONOUNS, UNITS, wordset

Use = Literal["current", "stopped", "allergic", "never", "planned", "another-person"]
Mode = Literal["skip", "weak-head", "head", "clause-head", "both", "tail", "weak-tail", "all", "person"]

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


class Cue(NamedTuple):
    """A phrase about use at tokens `at` to `end`."""

    at: int
    end: int
    use: Use
    mode: Mode


@dataclass(slots=True)
class Spot:
    """A medicine at tokens `at` to `end`, and what the cues say about it."""

    at: int
    end: int
    use: Use = "current"
    said: bool = False
    """Whether a cue said so; a weaker cue then changes nothing."""


_TOKEN = re.compile(r"[^\W\d_]+(?:['’`´][^\W\d_]+)*|\d+")
_NOT_A_STOP = wordset("st dr mr mrs ms vs approx sra sr no")
_LIST_REACH = 40
"""Words ahead in which "or" still joins a list."""

_ALTERNATIVES = wordset("or nor o u ni")


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


Phrase = tuple[tuple[str, ...], Use, Mode]


def _phrases() -> dict[tuple[str, str], list[Phrase]]:
    """First two words -> phrases, longest first. The second is "" for a single word, and "<" for one of the kinds in
    brackets."""
    table: dict[tuple[str, str], list[Phrase]] = {}
    for block in PHRASES.strip().replace("\n  ", " ").splitlines():
        use, mode, phrases = block.split("|")
        for phrase in phrases.split(","):
            words = tuple(phrase.split())
            second = words[1] if len(words) > 1 else ""
            found = table.setdefault((words[0], "<" if second[:1] == "<" else second), [])
            found.append((words, cast(Use, use.strip()), cast(Mode, mode.strip())))
    for found in table.values():
        found.sort(key=lambda one: -len(one[0]))
    return table


_CUES = _phrases()
_FIRSTS = frozenset(first for first, _ in _CUES)
_NUMBER_WORDS = wordset(
    "one two three four five six seven eight nine ten twelve twenty few couple several many un dos tres cuatro cinco"
)


def _fits(word: str, wanted: str) -> bool:
    if word == wanted:
        return True
    if wanted == "<kin>":
        return word in KIN or (word[-1:] == "s" and word[:-1] in KIN)
    if wanted == "<year>":
        return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")
    return wanted == "<n>" and (word.isdigit() or word in _NUMBER_WORDS)


def cue_at(words: Sequence[str], at: int) -> Cue | None:
    """The longest phrase about use that starts at token `at`."""
    best: Cue | None = None
    kinds = [kind for kind in (words[at], "<n>", "<kin>") if kind in _FIRSTS and _fits(words[at], kind)]
    if not kinds:
        return None  # as nearly every word is
    following = words[at + 1] if at + 1 < len(words) else ""
    for kind in kinds:
        for second in dict.fromkeys((following, "<", "")):
            for phrase, use, mode in _CUES.get((kind, second), ()):
                length = len(phrase)
                longer = (best is None or length > best.end - at) and at + length <= len(words)
                if longer and all(_fits(words[at + n], phrase[n]) for n in range(1, length)):
                    best = Cue(at, at + length, use, mode)
                    break
    return best


# ---------------------------------------------------------------- who takes what, and when


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


@dataclass(slots=True)
class _Head:
    """A cue that governs what follows it."""

    cue: Cue
    clause: int
    sentence: int
    colon: bool
    lines: bool
    """A list head alone on its line governs the lines below."""
    used: bool = False
    closed: bool = False


class Uses:
    """Settles the use of each spot of one entry from the cues in it."""

    def __init__(self, tokens: Sequence[Token], spots: Sequence[Spot], cues: Sequence[Cue], typed: str) -> None:
        self.tokens, self.spots, self.typed = tokens, spots, typed
        self.cues = cues
        inside = frozenset(n for spot in spots for n in range(spot.at + 1, spot.end))
        self.clauses, self.sentences = clauses_of(tokens, inside)
        self.head: _Head | None = None
        self.seen: list[Spot] = []

    def settle(self) -> None:
        """Give every spot its use."""
        order: list[Cue | Spot] = sorted([*self.cues, *self.spots], key=lambda one: one.at)
        for n, one in enumerate(order):
            if isinstance(one, Spot):
                self._spot(one)
            elif one.mode != "skip":
                self._cue(one, order[n + 1] if n + 1 < len(order) else None)

    def _spot(self, spot: Spot) -> None:
        head = self.head
        if head is not None:
            if self._governs(head, spot):
                head.used = True
                spot.use, spot.said = head.cue.use, True
            else:
                self.head = None
        self.seen.append(spot)

    def _governs(self, head: _Head, spot: Spot) -> bool:
        clause, sentence = self.clauses[spot.at], self.sentences[spot.at]
        if clause == head.clause:
            return True
        if head.lines and not self._blank_line(head, spot):
            return True
        if sentence != head.sentence or head.closed:
            return False
        if head.colon:
            return True
        if not head.used and head.clause + 1 == clause and head.cue.use != "current":
            return head.cue.mode != "clause-head" or self.tokens[spot.at].gap < CLAUSE
        if not self._bare(spot):
            return False
        if head.cue.mode == "clause-head":
            return self._alternative(spot)
        return True

    def _blank_line(self, head: _Head, spot: Spot) -> bool:
        between = self.typed[self.tokens[head.cue.end - 1].end : self.tokens[spot.at].start]
        return "\n" in between.replace("\r", "").lstrip("\n :") and "\n\n" in between.replace("\r", "").replace(
            " ", ""
        ).lstrip(":\n")

    def _bare(self, spot: Spot) -> bool:
        """Whether nothing in the clause says how much or how often: such a medicine belongs to the list it stands
        in."""
        for n in range(spot.end, len(self.tokens)):
            if self.clauses[n] != self.clauses[spot.at]:
                break
            word = self.tokens[n].word
            if word in UNITS or word in FREQUENCY or (word.isdigit() and len(word) < 4):
                return False
        return True

    def _alternative(self, spot: Spot) -> bool:
        """Whether "or" or "and" joins the spot, or a later member of its list, to what stands before."""
        end = min(len(self.tokens), spot.at + _LIST_REACH)
        following = next((cue.at for cue in self.cues if spot.at < cue.at < end), end)
        for n in range(spot.at - 1, end):
            if n > spot.at and (n >= following or self.sentences[n] != self.sentences[spot.at]):
                return False
            if self.tokens[n].word in _ALTERNATIVES or (n < spot.at and self.tokens[n].word in ("and", "y")):
                return True
        return False

    def _cue(self, cue: Cue, following: Cue | Spot | None) -> None:
        clause = self.clauses[cue.at]
        if (
            cue.at
            and self.tokens[cue.at - 1].word in ("for", "para")
            and cue.use in ("allergic", "stopped")
            and cue.mode != "weak-tail"
        ):
            return
        here = list(takewhile(lambda spot: self.clauses[spot.at] == clause, reversed(self.seen)))[::-1]
        ahead = isinstance(following, Spot) and self.clauses[following.at] == self.clauses[cue.end - 1]
        if cue.mode in ("head", "weak-head", "clause-head", "person"):
            self._open(cue, clause, here, ahead)
        elif cue.mode == "both":
            colon = self._colon(cue)
            if colon or (ahead and not here) or (not here and not self._before(cue)):
                self._open(cue, clause, here, ahead)
            else:
                self._close(cue, here)
        else:
            self._close(cue, here)

    def _open(self, cue: Cue, clause: int, here: list[Spot], ahead: bool) -> None:
        head = self.head
        fresh = head is not None and head.clause == clause and not here and head.cue.use != "current"
        if (
            cue.use == "current"
            and fresh
            and head is not None
            and (cue.mode == "weak-head" or head.cue.mode == "person")
        ):
            return  # "stopped taking", "my wife started": the first word decides
        if cue.mode == "weak-head" and here:
            return
        if (
            cue.mode == "person"
            and head is not None
            and head.cue.use == "current"
            and head.clause == clause
            and not here
        ):
            return  # "I take my husband's"
        if fresh and head is not None and head.cue.mode == "person":
            return
        colon = self._colon(cue)
        if cue.mode == "clause-head" and not ahead and not colon:
            self._answer(cue, here)
        if cue.mode == "head" and cue.use == "stopped" and here and not ahead and not colon:
            return  # "Xanax used ...": nothing follows that it could govern
        self.head = _Head(cue, clause, self.sentences[cue.at], colon, colon and self._alone(cue))

    def _answer(self, cue: Cue, here: list[Spot]) -> None:
        """A bare "no" after a name answers it: "aspirin: no", "tylenol? no"."""
        between = self.typed[self.tokens[cue.at - 1].end : self.tokens[cue.at].start] if cue.at else ""
        last = cue.end == len(self.tokens) or self.tokens[cue.end].gap >= CLAUSE
        single = cue.end - cue.at == 1 and self.tokens[cue.at].word in ("no", "none", "not")
        if single and last and any(one in between for one in "?:-–—(="):
            self._apply(cue, here or self.seen[-1:])

    def _close(self, cue: Cue, here: list[Spot]) -> None:
        """A cue after the names."""
        sentence = self.sentences[cue.at]
        words = {token.word for token in self.tokens[cue.at : cue.end + 2]}
        if cue.mode == "all" or (words & PLURAL_PRONOUNS and not here):
            whole = [spot for spot in self.seen if self.sentences[spot.at] == sentence]
            if not whole and self.seen:
                whole = [spot for spot in self.seen if self.sentences[spot.at] == self.sentences[self.seen[-1].at]]
            self._apply(cue, whole, strong=cue.mode == "all")
            return
        targets = self._with_joined(here or self._before(cue))
        self._apply(cue, targets, strong=cue.mode == "tail" or cue.mode == "both")
        if self.head is not None and targets:
            self.head.closed = True

    def _with_joined(self, spots: list[Spot]) -> list[Spot]:
        """The medicines, and those joined to the first by "and": "lyrica and cymbalta did not help"."""
        joined = list(spots)
        at = self.seen.index(joined[0]) if joined else 0
        while at:
            last, before = self.seen[at], self.seen[at - 1]
            start = bisect_left(self.clauses, self.clauses[last.at])
            together = self.tokens[start].word in ("and", "or", "y", "o", "e", "u") and self.tokens[start].gap == NONE
            if (
                before.said
                or not together
                or self.clauses[before.at] + 1 != self.clauses[last.at]
                or not self._bare(before)
            ):
                break
            joined.append(before)
            at -= 1
        return joined

    def _before(self, cue: Cue) -> list[Spot]:
        """The medicine just before a clause that names none, when that clause can only be about it."""
        if not self.seen:
            return []
        last = self.seen[-1]
        apart = self.clauses[cue.at] - self.clauses[last.at]
        pronoun = any(token.word in PRONOUNS for token in self.tokens[cue.at : cue.end + 1])
        same = self.sentences[cue.at] == self.sentences[last.at]
        if (same and apart <= 1) or (pronoun and apart <= 2) or (apart <= 1 and self._short(cue)):
            return [spot for spot in self.seen if self.clauses[spot.at] == self.clauses[last.at]]
        return []

    def _short(self, cue: Cue) -> bool:
        """Whether the cue is all its clause says, after a question mark: "tylenol? never"."""
        between = self.typed[self.tokens[cue.at - 1].end : self.tokens[cue.at].start] if cue.at else ""
        return "?" in between and (cue.end == len(self.tokens) or self.clauses[cue.end] != self.clauses[cue.at])

    def _apply(self, cue: Cue, spots: Iterable[Spot], strong: bool = True) -> None:
        for spot in spots:
            if spot.said and (not strong or (spot.use not in ("current", "stopped") and cue.mode != "all")):
                continue
            if spot.said and cue.use == "current" and spot.use not in ("stopped", "planned"):
                continue
            spot.use, spot.said = cue.use, True

    def _colon(self, cue: Cue) -> bool:
        if cue.end >= len(self.tokens):
            return self.typed[self.tokens[-1].end :].strip().startswith(":")
        return ":" in self.typed[self.tokens[cue.end - 1].end : self.tokens[cue.end].start]

    def _alone(self, cue: Cue) -> bool:
        """Whether the line ends after the colon."""
        if cue.end >= len(self.tokens):
            return False
        between = self.typed[self.tokens[cue.end - 1].end : self.tokens[cue.end].start]
        return "\n" in between or ";" in between or "•" in between


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
