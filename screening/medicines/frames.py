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
from pathlib import Path
from typing import NamedTuple, cast

from screening.medicines.phrases import Token
from screening.medicines.sign_stream import LETTERS, Mention, Use, stream_of
from screening.medicines.signs import Sign


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


def _compiled(signs: str) -> re.Pattern[str]:
    """A row as an expression over the letters of its signs."""
    parts = []
    for part in signs.split():
        name, times = re.fullmatch(r"(\(.*\)|\[.*\]|\\.|\(\?.*\)|.+?)([?*+]?)", part).groups()  # type: ignore[union-attr]
        if name.startswith(("(?", "[")):
            parts.append(part)
        elif name[0] == "(":
            parts.append(f"(?:{'|'.join(LETTERS.get(one, one) for one in name[1:-1].split('|'))}){times}")
        else:
            parts.append((_MACROS.get(name) or LETTERS.get(name, name)) + times)
    return re.compile("".join(parts))


_ROWS = [(frame, _compiled(frame.signs)) for frame in FRAMES]
_QUIET = frozenset("mMw#,&|.;:/=bTt9gGiIrCcRzsejl45ñâü")
"""Signs that say nothing against a medicine being taken now."""


def resolve(tokens: Sequence[Token], spots: Sequence[Mention], signs: Sequence[Sign], typed: str) -> None:
    """Give every medicine its use."""
    stream, owners = stream_of(tokens, spots, signs, typed)
    if _QUIET.issuperset(stream):
        return
    said = stream
    for frame, row in _ROWS:
        at = 0
        while (found := row.search(stream, at)) is not None:
            caught = [n for n in range(found.start(1), found.end(1)) if stream[n] in "mM"]
            for n in caught:
                spot = owners[n]
                assert isinstance(spot, Mention)
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
    spot: Mention,
    said: str,
    n: int,
    found: re.Match[str],
    owners: Sequence[Mention | Sign | None],
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
