"""Letters that no font of this machine has: nobody must find empty boxes where their words should be, unsaid."""

from __future__ import annotations

import json
from unicodedata import category

_SET = '#set document(title: "-")\n#json(bytes(sys.inputs.at("text")))'


def printable(text: str) -> bool:
    """Whether every letter of a text can be set with the fonts of this machine. Takes some hundredths of a second for
    other letters than those of European languages."""
    if all(char in "\n\r\t" or " " <= char < "\x7f" or "\xa0" < char < "\u0250" for char in text):
        return True
    if any(category(char) == "Co" for char in text):  # of nobody's alphabet
        return False
    import typst  # loaded only when somebody wants a page on paper

    try:  # this kind of PDF is refused where a letter has no shape
        typst.compile(_SET.encode(), sys_inputs={"text": json.dumps(text)}, pdf_standards="ua-1")
    except typst.TypstError:
        return False
    return True
