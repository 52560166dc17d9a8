"""What the signs near a medicine say about its use: a small grammar, tried row by row; the first row that fits wins.

A row reads like the text: signs (see signs.py) in their order, and
  LIST   medicines joined by comma, "and" or "or", all but the first without a dose: they get the use of the row
  PAIR   medicines joined by "and" or "or"; ANY the same with commas; BARE one without a dose, DOSED one with
  BLOCK  all medicines up to the end of the sentence; LINES up to an empty line or the next heading
  GAP    a few signs of the same sentence; FAR any number; ON across sentences; NEAR a few other words; WORDS any number
  ,  a comma, dash or bracket   &  "and"   |  "or"   but   :  ?   .  end of a sentence   /  of a line   =  an empty line
  END    (looked at, not used) one of these, or nothing more
Doses, times a day and forms stand for nothing. What no row fits is taken now; the last rows catch what stands beside a
sign that no row could place: it is unknown, and asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, cast

from screening.medicines.phrases import CLAUSE, LINE, LOOSE, NONE, SENTENCE, Token
from screening.medicines.signs import Sign
from screening.medicines.words import FORMS, FREQUENCY, UNITS, wordset

Use = Literal["current", "unknown", "stopped", "allergic", "never", "planned", "another-person"]


class Frame(NamedTuple):
    """One row: the use of the medicines it catches, the signs as they stand, and a sentence that it decides."""

    use: Use
    signs: str
    example: str


def _frames() -> tuple[Frame, ...]:
    """The rows of use_frames.tsv."""
    lines = Path(__file__).with_name("use_frames.tsv").read_text("utf-8").splitlines()[1:]
    return tuple(
        Frame(cast(Use, use), signs, example.replace("\\n", "\n"))
        for use, signs, example in (line.split("\t") for line in lines)
    )


FRAMES = _frames()

_LETTERS = {
    "past": "H", "took": "J", "perfect": "2", "stop": "S", "stopit": "Q", "off": "ø", "getoff": "å", "nomore": "0",
    "until": "3", "gone": "X", "fading": "f", "sickens": "æ", "goneall": "Z", "swapped": "8", "from": "F",
    "wantfrom": "6", "allergy": "A", "reaction": "a", "reacted": "d", "tolerated": "7", "no": "N", "without": "u",
    "never": "V", "neverit": "v", "cant": "n", "plan": "P", "planit": "p", "begin": "1", "advised": "E", "soon": "h",
    "person": "K", "persons": "q", "personit": "k", "now": "C", "take": "t", "nowit": "c", "takeit": "Y", "still": "4",
    "keepon": "5", "often": "e", "also": "l", "doubt": "D", "question": "ð", "mayi": "þ", "carried": "B",
    "season": "O", "onoff": "o", "with": "W", "to": "T", "for": "9", "reason": "r", "I": "I", "it": "i", "my": "g",
    "the": "G", "number": "#", "other": "w", "long": "L", "weeks": "U", "days": "R", "years": "s", "short": "z",
    "due": "ñ", "away": "â", "procedure": "ü",
    "year": "y", "but": "b", ".": r"\.", "|": r"\|",
}  # fmt: skip
"""Sign -> the letter that stands for it in a stream."""

_MACROS = {
    "ONE": "([mM])",
    "DOSED": "(M)",
    "med": "[mMx]",
    "LIST": "([mM](?:(?:[,&|]|/&)*m)*)",
    "PAIR": "([mM](?:[&|][mM])*)",
    "BARES": "(m(?:[&|]m)*)",
    "ANY": "([mM](?:[,&|]+[mM])*)",
    "ALTERNATIVES": "([mM](?:,m)*(?:,?[|&]+,?m)+)",
    "BLOCK": "((?:[^.;=/:YCKP]|;(?=m(?:[;,/=]|$)))*)",
    "LINES": "([^=:]*?)(?=[HJSXZAVPKCNn][wtT9gi]*:|=|$)",
    "HEAD": "[wT9tgi#rCULRyzs,&]{0,6}",
    "GAP": "[^mMx.;=/?CKPDB]{0,6}",
    "HERE": "[^mMx.;=/?KP]{0,8}",
    "LATER": "[^mMx=K]{0,12}",
    "FAR": "[^mMx.;=/]*",
    "ON": "[^mMx=]*",
    "OWN": "[^mMx.;=/iYCI&g]*",
    "THE": "[tT9gi#]*",
    "THEM": "[tT9w]{0,3}",
    "NEAR": "[tT9gi#]*w?[tT9gi#]*",
    "BRAND": "[g#]*w?[g#]*",
    "WORDS": "[wTtgi#r]*",
    "PUNCT": "[,:?.;&]*",
    "NOMED": "(?![g#tTi]*[mM])",
    "START": "(?<![^.;,/=&])",
    "END": "(?=[.;,/=?&|b:]|$)",
}
"""What the words in capitals stand for; the group is what gets the use of the row."""

_SIGNS = {
    **_LETTERS, "keep": "w", "taker": "w", "i": "I", "ago-long": "L", "ago-weeks": "U", "ago-days": "R",
    "span-long": "s", "span-short": "z",
}  # fmt: skip


def _compiled(signs: str) -> re.Pattern[str]:
    """A row as an expression over the letters of its signs."""
    parts = []
    for part in signs.split():
        name, times = re.fullmatch(r"(\(.*\)|\[.*\]|\\.|\(\?.*\)|.+?)([?*+]?)", part).groups()  # type: ignore[union-attr]
        if name.startswith(("(?", "[")):
            parts.append(part)
        elif name[0] == "(":
            parts.append(f"(?:{'|'.join(_LETTERS.get(one, one) for one in name[1:-1].split('|'))}){times}")
        else:
            parts.append((_MACROS.get(name) or _LETTERS.get(name, name)) + times)
    return re.compile("".join(parts))


_ROWS = [(frame, _compiled(frame.signs)) for frame in FRAMES]
_QUIET = frozenset("mMw#,&|.;:/=bTt9gGiIrCcRzsejl45ñâü")
"""Signs that say nothing against a medicine being taken now."""
_ARTICLES = wordset(
    "the a an of some any all el la los las lo un una de del su al my mi mis our his her me just really"
)
_MY = wordset("my mi mis our")
_MINE = _MY | wordset("the me el la los")
_DROPPED = (
    FORMS | FREQUENCY | UNITS | wordset("pm x per been very also too even usually id was were be is are")
) - wordset("over under")
_COUNTS = wordset("one two three four five six half a couple few un una uno dos tres cuatro media unas unos")
_CROSS = frozenset("❌✖✗✘🚫⛔❎")
_JOINS = {
    "and": "&",
    "y": "&",
    "e": "&",
    "plus": "&",
    "also": "&",
    "then": "&",
    "or": "|",
    "nor": "|",
    "o": "|",
    "u": "|",
    "ni": "|",
}
_JOINS |= {"but": "b", "pero": "b", "aunque": "b", "though": "b", "although": "b"}


@dataclass(slots=True)
class Spot:
    """A medicine at tokens `at` to `end`, and what the text says of its use."""

    at: int
    end: int
    use: Use = "current"
    recent: bool | None = None
    """Whether it ended within days, where the text says when."""
    until: int | None = None
    """The year in which it ended, where the text says so."""


def resolve(tokens: Sequence[Token], spots: Sequence[Spot], signs: Sequence[Sign], typed: str) -> None:
    """Give every medicine its use."""
    stream, owners = _stream(tokens, spots, signs, typed)
    if _QUIET.issuperset(stream):
        return
    said = stream
    for frame, row in _ROWS:
        at = 0
        while (found := row.search(stream, at)) is not None:
            caught = [n for n in range(found.start(1), found.end(1)) if stream[n] in "mM"]
            for n in caught:
                spot = owners[n]
                assert isinstance(spot, Spot)
                spot.use = frame.use
                if frame.use == "stopped":
                    _date(spot, said, n, found, owners, tokens, frame.signs[:5] in ("(past", "past "))
            at = found.start() + 1
            if frame.use == "unknown" or not caught:
                stream = "".join("x" if n in caught else one for n, one in enumerate(stream))
                continue
            used = [
                "x" if n in caught else one if one in "mMx,&|.;:/=b" else "w"
                for n, one in enumerate(found.group(), found.start())
            ]
            stream = stream[: found.start()] + "".join(used) + stream[found.end() :]


def _date(
    spot: Spot,
    said: str,
    n: int,
    found: re.Match[str],
    owners: Sequence[Spot | Sign | None],
    tokens: Sequence[Token],
    before: bool,
) -> None:
    """When it ended: what is said after it, else after all of them, else before."""
    start = max(said.rfind(one, 0, found.start()) for one in ".;=/") + 1
    after, last = n + 1, found.end()
    places = [
        *range(after, after + len(re.split("[mM.;=/]", said[after:])[0])),
        *range(found.end(1), last),
        *range(last, last + len(re.split("[mM.;=/]", said[last:])[0])),
        *reversed(range(start, found.start())),
    ]
    dated = [place for place in places if said[place] in ("LURyj3" if before else "LURszyj3")]
    when = next((place for place in dated if said[place] != "3"), next(iter(dated), None))
    if when is None:
        return
    sign = owners[when]
    assert isinstance(sign, Sign)
    years = [int(one.word) for one in tokens[sign.at : sign.end] if len(one.word) == 4 and one.word.isdigit()]
    if years:
        spot.until = max(years)
    else:
        spot.recent = {"L": False, "s": False, "R": True}.get(said[when])


def _stream(
    tokens: Sequence[Token], spots: Sequence[Spot], signs: Sequence[Sign], typed: str
) -> tuple[str, list[Spot | Sign | None]]:
    """The signs of an entry as letters, and what each stands for."""
    starting: dict[int, Spot | Sign] = {**{sign.at: sign for sign in signs}, **{spot.at: spot for spot in spots}}
    letters: list[str] = []
    owners: list[Spot | Sign | None] = []

    def put(letter: str, owner: Spot | Sign | None = None) -> None:
        letters.append(letter)
        owners.append(owner)

    n = 0
    while n < len(tokens):
        token = tokens[n]
        if n:
            for mark in _breaks(typed[tokens[n - 1].end : token.start], token.gap):
                put(mark)
        one = starting.get(n)
        before = letters[-1] if letters else " "
        if isinstance(one, Spot):
            put("M" if _dosed(tokens, one, starting) else "m", one)
            n = max(one.end, n + 1)
            continue
        if isinstance(one, Sign) and not (one.sign == "it" and _leads(tokens, n, starting)):
            letter = _SIGNS[one.sign]
            if (
                letter == "D"
                and one.end < len(tokens)
                and (tokens[one.end].word.isdigit() or tokens[one.end].word in FREQUENCY | _COUNTS)
            ):
                letter = "w"  # "maybe twice a week"
            put(letter, one)
            n = one.end
            continue
        word = token.word
        if word in _JOINS:
            put(_JOINS[word])
        elif word == "me" and "K" in letters:
            put("I")
        elif word in _MY and _leads(tokens, n, starting):
            put("g")
        elif word in _MINE and before == "S" and not _leads(tokens, n, starting):
            put("G")
        elif len(word) == 4 and word.isdigit() and word[:2] in ("19", "20"):
            put("j" if before in "mM" else "y", Sign(n, n + 1, "year"))
        elif word.isdigit():
            if before not in ("m", "M", "#"):
                put("#")
        elif not (word in _ARTICLES or word in _DROPPED):
            put("w")
        n += 1
    if tokens:
        for mark in _breaks(typed[tokens[-1].end :], NONE):
            put(mark)
    return "".join(letters), owners


def _leads(tokens: Sequence[Token], n: int, starting: dict[int, Spot | Sign]) -> bool:
    """Whether an article leads to a medicine or its dose."""
    for following in range(n + 1, min(n + 4, len(tokens))):
        if isinstance(starting.get(following), Spot):
            return True
        word = tokens[following].word
        if not (word.isdigit() or word in _DROPPED or word in _ARTICLES):
            return False
    return False


def _dosed(tokens: Sequence[Token], spot: Spot, starting: dict[int, Spot | Sign]) -> bool:
    """Whether the words after a medicine say how much or how often: it is more than a member of a list."""
    n = spot.end
    while n < len(tokens) and tokens[n].gap < CLAUSE:
        one = starting.get(n)
        if isinstance(one, Spot):
            return False
        if isinstance(one, Sign):
            n = one.end
            continue
        word = tokens[n].word
        if word in UNITS or word in FREQUENCY or (word.isdigit() and len(word) < 4):
            return True
        n += 1
    return False


def _breaks(between: str, gap: int) -> str:
    """The breaks in what stands between two words."""
    if "\n" in between:
        return (
            "=" if between.count("\n") > 1 and not between.strip("\n\r \t") else (":" if ":" in between else "") + "/"
        )
    if _CROSS.intersection(between):
        return ":N,"
    if gap == LINE:
        return "/"
    if "?" in between or "¿" in between:
        return "?"
    if gap == SENTENCE:
        return (":" if ":" in between else "") + (";" if ";" in between else ".")
    if ":" in between or "=" in between or (between.strip() in ("-", "--", "–", "—") and len(between) > 1):
        return ":"
    return "," if gap >= LOOSE else ""
