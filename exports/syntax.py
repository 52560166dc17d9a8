"""Syntax files by which Stata, SPSS and R read an export for research: every column with its kind and its meaning.

Answers stay the codes that the codebook explains. Why there is no answer is a code among them, or stands in a column
beside a number or a day, which is empty then and missing in each of the three.
"""

from __future__ import annotations

from collections.abc import Sequence

from exports.columns import Column

NUMBERS = ("integer", "decimal", "number", "0/1")
LONGEST_STATA, LONGEST_SPSS, WIDEST_SPSS = 80, 250, 32_767
"""Characters of a label in each, and of the text that a variable of SPSS can hold."""
_CODE = 255


def _label(column: Column, longest: int) -> str:
    """The meaning on one line, in the words that the quotation marks of either program leave alone."""
    plain = column.meaning.translate({ord('"'): "'", ord("`"): "'", ord("$"): "USD ", ord("\\"): "/"})
    words = " ".join(plain.split())
    return words if len(words) <= longest else words[: longest - 3] + "..."


def stata(columns: Sequence[Column]) -> str:
    """A do-file: import the CSV as it is, numbers as numbers and days as days, then label every variable."""
    text = [str(n) for n, column in enumerate(columns, 1) if column.kind not in NUMBERS]
    lines = [
        "* Reads responses.csv of the same folder. What the codes mean stands in codebook.csv.",
        "version 14",
        f'import delimited using "responses.csv", varnames(1) case(preserve) encoding("utf-8") bindquote(strict) '
        f"maxquotedrows(unlimited) stringcols({' '.join(text)}) clear",
    ]
    for column in columns:
        if column.kind == "date":
            day = f"{column.name}_text"
            lines += [f"rename {column.name} {day}", f'generate {column.name} = date({day}, "YMD")']
            lines += [f"format {column.name} %tdCCYY-NN-DD", f"order {column.name}, before({day})", f"drop {day}"]
        lines.append(f'label variable {column.name} "{_label(column, LONGEST_STATA)}"')
    return "\n".join(lines) + "\n"


def spss(columns: Sequence[Column]) -> str:
    """Syntax: the kind of every variable, then its label."""
    kinds = "\n".join(f"  {column.name} {_format(column)}" for column in columns)
    labels = "\n".join(f'  /{column.name} "{_label(column, LONGEST_SPSS)}"' for column in columns)
    return (
        "* Reads responses.csv of the same folder. What the codes mean stands in codebook.csv.\n"
        "SET UNICODE=ON DECIMAL=DOT.\n"
        "GET DATA /TYPE=TXT /FILE='responses.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELIMITERS=\",\"\n"
        f"  /QUALIFIER='\"' /FIRSTCASE=2 /VARIABLES=\n{kinds}.\n"
        f"VARIABLE LABELS\n{labels.replace('  /', '  ', 1)}.\nEXECUTE.\n"
    )


def _format(column: Column) -> str:
    if column.kind in NUMBERS:
        return "F12.4" if column.kind in ("decimal", "number") else "F12"
    if column.kind == "date":
        return "SDATE10"
    return f"A{_CODE if column.kind in ('code', 'choice', 'time') else WIDEST_SPSS}"


def r(columns: Sequence[Column]) -> str:
    """A script: read the CSV with the class of every column, then keep its meaning as a label."""
    numbers = [column.name for column in columns if column.kind in NUMBERS]
    days = [column.name for column in columns if column.kind == "date"]
    labels = ",\n".join(f'  {column.name} = "{_label(column, LONGEST_SPSS)}"' for column in columns)
    return (
        "# Reads responses.csv of the same folder. What the codes mean stands in codebook.csv.\n"
        'responses <- read.csv("responses.csv", fileEncoding = "UTF-8-BOM",\n'
        '                      colClasses = "character", na.strings = "")\n'
        f"for (name in c({_quoted(numbers)})) responses[[name]] <- as.numeric(responses[[name]])\n"
        f"for (name in c({_quoted(days)})) responses[[name]] <- as.Date(responses[[name]])\n"
        f"labels <- list(\n{labels}\n)\n"
        'for (name in names(labels)) attr(responses[[name]], "label") <- labels[[name]]\n'
    )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
