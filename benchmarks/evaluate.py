"""How long it takes to screen one response, beside the fastest rule engines we know, on the same rules and the same answers.

    python benchmarks/evaluate.py [--rounds 15]

Every rule of the shipped content is translated into the language of each engine, gates, scores, thresholds and medicine classes included.
An engine that knows only true and false gets the test "surely raised". Before anything is timed, every engine must raise the
same flags as ours on every response. Times are CPU microseconds a response, medians of interleaved rounds in one process:
trust the ratios.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from screening.authoring.samples.generate import responses
from screening.engine.content import Content
from screening.engine.facts import ResponseFacts
from screening.engine.program import Program
from screening.engine.reasons import evidence
from screening.engine.response import QuestionnaireResponse, read
from screening.engine.screen import screen
from screening.loading.load import load
from screening.model.condition import AllOf, AnyOf, AtLeastOf, Condition, ItemTest, Named, NoneOf, ScoreTest, Takes
from screening.settings import ROOT

DAY = date(2026, 11, 23)
SIZES = {"sparse": 0.3, "typical": 0.8, "full": 1.0}

# Facts for the engines: one number a code or bound, prepared outside the timed part, as their callers would hold them.


class Dialect:
    """One expression language: how it writes and, or, at least, and comparisons of facts."""

    def __init__(
        self, name: str, and_: str, or_: str, fact: Callable[[str], str], count: Callable[[int, list[str]], str]
    ) -> None:
        self.name, self.and_, self.or_, self.fact, self.count = name, and_, or_, fact, count

    def surely(self, node: Condition, program: Program) -> str:
        """An expression that is true when `node` is surely true."""
        return self._write(node, program, True)

    def _write(self, node: Condition, program: Program, want: bool) -> str:
        match node:
            case AllOf(all=inside):
                return self._join(inside, program, want, self.and_ if want else self.or_)
            case AnyOf(any=inside):
                return self._join(inside, program, want, self.or_ if want else self.and_)
            case NoneOf(none=inside):
                return self._join(inside, program, not want, self.and_ if want else self.or_)
            case AtLeastOf(at_least=k, of=inside):
                parts = [self._write(part, program, want) for part in inside]
                return self.count(k if want else len(parts) - k + 1, parts)
            case Named(condition=name):
                return self._write(program.conditions[name], program, want)
            case Takes(takes=name, use=use):
                at, bit, _ = program.takes(name, use)
                return f"{self.fact(f'm{at}_{bit.bit_length()}')} == {1 if want else 0}"
            case ScoreTest(score=name):
                at, _ = program.score(name)
                return self._limits(f"s{at}", node, program, want)
            case ItemTest():
                at, mask, number = program.item(node)
                if node.limits:
                    return self._limits(f"n{at}", node, program, want)
                if node.answered:
                    return f"{self.fact(f'a{at}')} == {1 if want else 0}"
                codes = [n for n in range(mask.bit_length()) if mask >> n & 1]
                if program.items[number].item.type == "choice":
                    tests = [f"{self.fact(f'c{at}')} == {code}" for code in codes]
                    if want:
                        return "(" + f" {self.or_} ".join(tests) + ")"
                    others = [f"{self.fact(f'c{at}')} != {code}" for code in codes]
                    return "(" + f" {self.and_} ".join([*others, f"{self.fact(f'o{at}')} == 0"]) + ")"
                tests = [f"{self.fact(f'c{at}_{code}')} == {1 if want else 0}" for code in codes]
                return "(" + f" {self.or_ if want else self.and_} ".join(tests) + ")"
        raise AssertionError(node)

    def _join(self, inside: Any, program: Program, want: bool, word: str) -> str:
        return "(" + f" {word} ".join(self._write(part, program, want) for part in inside) + ")"

    def _limits(self, name: str, node: Any, program: Program, want: bool) -> str:
        true = {"at_least": ("lo", ">="), "above": ("lo", ">"), "at_most": ("hi", "<="), "below": ("hi", "<")}
        false = {"at_least": ("hi", "<"), "above": ("hi", "<="), "at_most": ("lo", ">"), "below": ("lo", ">=")}
        tests = []
        for how, limit in node.limits:
            end, sign = (true if want else false)[how]
            test = f"{self.fact(f'{name}_{end}')} {sign} {program.limit(limit):.4f}"
            if not want:  # a score or item that is not asked compares false
                test = f"({test} {self.or_} {self.fact(f'{name}_asked')} == 0)"
            tests.append(test)
        return "(" + f" {self.and_ if want else self.or_} ".join(tests) + ")"


def vector(facts: ResponseFacts) -> dict[str, float | int]:
    """The facts of one response as plain numbers, for engines that have no bit masks or bounds."""
    program, found = facts.program, {}
    big = 1e12
    for plan in program.items:
        at = 3 * plan.number
        mask, low, high = facts.vector[at : at + 3]
        if plan.number == program.medicines:
            for bit in (bit for bits in program.use_bits.values() for bit in bits.values()):
                unknown = mask & 15 or (mask and int(low) & bit)
                found[f"m{at}_{bit.bit_length()}"] = 1 if mask & bit else 2 if unknown else 0
            continue
        found[f"a{at}"] = 1 if mask & 16 else 2 if mask & 2 else 0 if not mask else 2
        if plan.options and plan.item.type == "choice":
            chosen = [n for n in range(5, mask.bit_length()) if mask >> n & 1]
            found[f"c{at}"] = chosen[0] if chosen else 0  # no option has code 0
            found[f"o{at}"] = int(bool(mask & 15))
        elif plan.options:
            for n, _ in enumerate(plan.options, 5):
                found[f"c{at}_{n}"] = 1 if mask >> n & 1 else 2 if mask & 15 else 0
        if hasattr(plan.item, "min"):
            asked = low == low
            found |= {
                f"n{at}_lo": max(low, -big) if asked else -big,
                f"n{at}_hi": min(high, big) if asked else big,
                f"n{at}_asked": int(asked),
            }
    for score in program.scores:
        at = program.score_base + 2 * score.number
        low, high = facts.vector[at : at + 2]
        asked = low == low
        found |= {
            f"s{at}_lo": max(low, -big) if asked else -big,
            f"s{at}_hi": min(high, big) if asked else big,
            f"s{at}_asked": int(asked),
        }
    return found


def engines(content: Content, sample: dict[str, Any]) -> dict[str, Callable[[dict[str, Any]], list[bool]]]:
    """Every engine that is installed: facts -> for each rule, whether it is surely raised."""
    program = content.program
    whens = [plan.rule.when for plan in program.rules]
    found: dict[str, Callable[[dict[str, Any]], list[bool]]] = {}

    import zen

    def zen_count(k: int, parts: list[str]) -> str:
        return "(" + " + ".join(f"(({part}) ? 1 : 0)" for part in parts) + f") >= {k}"

    dialect = Dialect("zen", "and", "or", lambda name: name, zen_count)
    compiled = zen.compile_expression("[" + ", ".join(dialect.surely(when, program) for when in whens) + "]")
    found["zen-engine, one list"] = lambda known: compiled.evaluate(known)

    cel = Dialect("cel", "&&", "||", lambda name: name, zen_count)
    listed = "[" + ", ".join(cel.surely(when, program) for when in whens) + "]"
    floats = {name: float(value) if name.endswith(("_lo", "_hi")) else int(value) for name, value in sample.items()}
    try:
        from cel_expr_python import cel as cpp

        types = {name: cpp.Type.DOUBLE if isinstance(value, float) else cpp.Type.INT for name, value in floats.items()}
        ready = cpp.NewEnv(variables=types).compile(listed)
        found["CEL (C++), one list"] = lambda known: [one.value() for one in ready.eval(data=known).value()]
    except Exception as error:  # an engine that cannot take the rules is named, not hidden
        print(f"CEL (C++) could not be used: {type(error).__name__}: {str(error)[:120]}")
    try:
        import cel as rust

        program_rust = rust.compile(listed)
        found["CEL (Rust), one list"] = lambda known: program_rust.execute(known)
    except Exception as error:
        print(f"CEL (Rust) could not be used: {type(error).__name__}: {str(error)[:120]}")

    import rule_engine

    def rule_count(k: int, parts: list[str]) -> str:
        return "(" + " + ".join(f"(({part}) ? 1 : 0)" for part in parts) + f") >= {k}"

    plain = Dialect("rule-engine", "and", "or", lambda name: name, rule_count)
    rules = [rule_engine.Rule(plain.surely(when, program)) for when in whens]
    found["rule-engine"] = lambda known: [rule.matches(known) for rule in rules]
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--responses", type=int, default=40)
    arguments.add_argument("--json")
    options = arguments.parse_args()
    content = load(ROOT / "content")
    program = content.program
    whens = [plan.test.when.value for plan in program.rules]
    figures: dict[str, dict[str, float]] = {}
    for size, fullness in SIZES.items():
        patients: list[QuestionnaireResponse] = []
        for raw in responses(content, options.responses, 11, DAY, fullness):
            patients.append(read(raw["answers"], DAY, content)[0])
        grounds = [ResponseFacts(one, program) for one in patients]
        known = [
            {
                name: float(value) if name.endswith(("_lo", "_hi")) else int(value)
                for name, value in vector(facts).items()
            }
            for facts in grounds
        ]
        others = engines(content, known[0])
        ours = [[value(facts.vector) == 1 for value in whens] for facts in grounds]
        for name, engine in others.items():
            for n, one in enumerate(known[: 10 if name == "rule-engine" else None]):
                theirs = [bool(value) for value in engine(one)]
                differ = [
                    program.rules[i].rule.id for i, (a, b) in enumerate(zip(ours[n], theirs, strict=True)) if a != b
                ]
                assert not differ, (name, size, differ)
        print(
            f"{size}: {statistics.mean(len(one.answers) for one in patients):.0f} answers, "
            f"{statistics.mean(sum(one) for one in ours):.1f} flags a response; every engine raises the same flags"
        )

        def rules_only() -> None:
            for facts in grounds:
                f = facts.vector
                for value in whens:
                    value(f)

        def with_reasons() -> None:
            for facts in grounds:
                f = facts.vector
                facts._gates.clear()
                for plan, value in zip(program.rules, whens, strict=True):
                    if value(f) == 1:
                        evidence(plan.test, facts)

        def from_answers() -> None:
            for one in patients:
                f = ResponseFacts(one, program).vector
                for value in whens:
                    value(f)

        def whole() -> None:
            for one in patients:
                screen(ResponseFacts(one, program), content)

        runs: dict[str, tuple[Callable[[], None], int]] = {
            "ours: three-valued result": (rules_only, len(grounds)),
            "ours: with the reason of every flag": (with_reasons, len(grounds)),
            "ours: from the answers, gates and scores too": (from_answers, len(grounds)),
            "ours: whole screening, to-ask lists too": (whole, len(grounds)),
        }
        for name, engine in others.items():
            some = known[: 4 if name == "rule-engine" else None]
            runs[name] = (lambda engine=engine, some=some: [engine(one) for one in some] and None, len(some))
        times: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(options.rounds):
            for name, (run, count) in runs.items():
                begun = time.process_time()
                run()
                times[name].append((time.process_time() - begun) / count * 1e6)
        medians = {name: statistics.median(taken) for name, taken in times.items()}
        fastest = min(medians[name] for name in others)
        for name, median in sorted(medians.items(), key=lambda pair: pair[1]):
            print(f"  {median:10.1f} us  {median / fastest:6.2f} x the fastest other  {name}")
        figures[size] = medians
    if options.json:
        with open(options.json, "w") as file:
            json.dump(figures, file, indent=1)


if __name__ == "__main__":
    main()
