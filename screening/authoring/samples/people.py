"""Made-up people to try the app with: likely answers, and names, telephones and addresses that are nobody's.

Telephones are of the range 555-01xx that is kept for fiction, addresses of example.org (RFC 2606), and every last name
says that it is made up. The same seed gives the same people.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from screening.authoring.samples.generate import one
from screening.engine.content import Content
from screening.model.item_types import Item
from screening.model.medicines_item import Medicines

_FIRST = (
    "Alex",
    "Sam",
    "Rosa",
    "Luis",
    "Maya",
    "Omar",
    "Ines",
    "Noah",
    "Ana",
    "Kim",
    "José",
    "Zoë",
    "Ruth",
    "Pedro",
    "Lena",
    "Ivan",
    "Grace",
    "Diego",
    "Nina",
    "Paul",
    "Carla",
    "Hugo",
    "Olga",
    "Ben",
    "Elena",
    "Tom",
    "Marta",
    "Yusuf",
    "Clara",
    "Jorge",
    "Emma",
    "Raúl",
    "Judy",
    "Felix",
    "Sofía",
    "Carl",
    "Amina",
    "Leo",
    "Wanda",
    "Tariq",
)
_LAST = (
    "Example",
    "Sample",
    "Testman",
    "Madeup",
    "Placeholder",
    "Nobody",
    "Fictional",
    "Demo",
    "O'Example",
    "Prueba",
    "Ficticia",
    "Ejemplo",
    "Inventado",
    "Muestra",
    "de la Prueba",
    "Testperson",
    "Exampleson",
    "Sampleton",
    "Demowicz",
    "Fauxname",
    "Notreal",
    "Mockford",
    "Imaginaria",
    "Testová",
    "McSample",
)
MOST = len(_FIRST) * len(_LAST)
"""How many people there are, no two of one name."""

_GOALS = {
    "en": (
        "Walk to the park with my grandchildren",
        "Sleep through the night",
        "Go back to work half days",
        "Cook without sitting down",
        "Drive for an hour",
        "Play the guitar again",
        "Carry my own shopping",
        "Sit through a whole film",
        "Garden on Sundays",
    ),
    "es": (
        "Caminar hasta el parque con mis nietos",
        "Dormir toda la noche",
        "Volver a trabajar medio día",
        "Cocinar sin sentarme",
        "Manejar una hora",
        "Cargar mis compras",
        "Bailar en la boda de mi hija",
    ),
}
_SAID = {
    "en": (
        "since an accident at work",
        "it comes and goes",
        "worse in the cold",
        "heat helps a little",
        "I would rather say it in person",
    ),
    "es": (
        "desde un accidente en el trabajo",
        "va y viene",
        "peor con el frío",
        "el calor ayuda un poco",
        "prefiero contarlo en persona",
    ),
}
_MEDICINES = (
    "ibuprofen 400",
    "Tylenol",
    "gabapentin 300 mg 3x day",
    "gabapentine",
    "lisinopril 10mg",
    "lisinopryl",
    "oxycodone 5 mg",
    "oxycodon",
    "sertraline 50",
    "setraline",
    "Lyrica 75mg",
    "omeprazole",
    "omeprazol",
    "metformin 500 mg",
    "levothyroxine",
    "levothyroxin 50 mcg",
    "amlodipine",
    "amlodapine 5",
    "duloxetine 60",
    "cymbalta",
    "tramadol",
    "tramodol 50 mg",
    "cyclobenzaprine",
    "melatonin",
    "atorvastatin",
    "vitamin D",
    "aspirin 81",
    "trazodone",
    "losartan",
    "naproxen",
    "naproxin",
    "baclofen",
    "topiramate",
    "sumatriptan",
    "pregablin",
    "the small white pill for my back",
    "turmeric",
)
_NUMBERS = {
    "systolic": (128, 13),
    "diastolic": (79, 8),
    "peg-1": (6, 2),
    "peg-2": (6, 2),
    "peg-3": (6, 2),
    "height": (168, 9),
    "weight": (78, 14),
}
"""Of items of the shipped content: what most people say, and how far they differ (mean, standard deviation, in the
item's unit)."""
_MOSTLY: dict[str, str | list[str]] = {
    "treatments-tried": ["anti-inflammatory", "physical-therapy"],
    "filled-by": "self",
    "pain-more": "no",
}
"""What nine of ten say, where "no" is not the quiet answer."""


@dataclass(frozen=True)
class Person:
    """What somebody sends: answers by link_id, the language they read, and the minutes they took."""

    answers: dict[str, Any]
    language: str
    minutes: int


def people(content: Content, count: int, seed: int, today: date) -> Iterator[Person]:
    """`count` people, at most MOST, one in ten of them in another language of the content, as far as there is one."""
    names = [f"{first} {last}" for first, last in product(_FIRST, _LAST)]
    random.Random(seed).shuffle(names)
    for number in range(count):
        yield _person(content, random.Random(f"{seed} {number}"), names[number], today)


def _person(content: Content, chance: random.Random, name: str, today: date) -> Person:
    other = content.languages[1:]
    language = chance.choice(other) if other and chance.random() < 0.1 else content.languages[0]
    healthy = chance.choices((0.995, 0.97, 0.85), (60, 30, 10))[0]
    answers = one(content, chance, today, fullness=0.93, healthy=healthy)["answers"]
    for link_id, given in answers.items():
        answers[link_id] = _likely(content.item(link_id), given, chance, language, today)
    answers.update({item.link_id: name for item in content.items if item.required and item.identifier == "name"})
    return Person(answers, language, max(4, round(chance.lognormvariate(2.75, 0.45))))


def _likely(item: Item, given: Any, chance: random.Random, language: str, today: date) -> Any:
    """A likelier answer of the same kind."""
    if item.link_id in _MOSTLY and chance.random() < 0.9 and _offered(item, _MOSTLY[item.link_id]):
        return _MOSTLY[item.link_id]
    if item.link_id in _NUMBERS and item.numeric:
        return _number(item, chance)
    if item.type == "date":
        return (today - timedelta(days=round(chance.triangular(19 * 365, 88 * 365, 52 * 365)))).isoformat()
    if isinstance(item, Medicines):
        return (
            "none"
            if given == "none"
            else chance.sample(_MEDICINES, min(len(_MEDICINES), chance.choice((1, 1, 2, 2, 3, 3, 4, 5, 7))))
        )
    if item.identifier == "contact":
        number = f"{chance.randint(100, 199):04}"
        return (
            f"person{number}@example.org"
            if getattr(item, "format", "") == "email"
            else f"+1 555 {chance.randint(200, 999)} {number}"
        )
    if item.typed and item.identifier != "name":
        pool = _GOALS if item.link_id.endswith("goal") else _SAID
        return chance.choice(pool.get(language, pool["en"]))
    return given


def _offered(item: Item, answer: str | list[str]) -> bool:
    codes = {option.code for option in item.options}
    return {answer} <= codes if isinstance(answer, str) else set(answer) <= codes


def _number(item: Item, chance: random.Random) -> Any:
    middle, spread = _NUMBERS[item.link_id]
    value = min(max(chance.gauss(middle, spread), item.min), item.max)  # type: ignore[union-attr]  # a number has both
    return round(value) if item.type == "integer" else {"value": round(value, 1), "unit": item.unit}  # type: ignore[union-attr]
