"""Medicines that go on working for weeks after the last dose: shots, implants, and a few tablets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from screening.model.content_model import ContentModel, Slug

_Words = Annotated[tuple[str, ...], Field(strict=False)]


class LongActingProduct(ContentModel):
    """One ingredient in a long-acting form, and for how many weeks after the last dose it still counts as taken."""

    ingredient: str
    """The ingredient."""
    weeks: Annotated[int, Field(gt=0)]
    """Weeks after the last dose for which it still counts as taken."""
    said: _Words = ()
    """Words of the text of which one must stand beside it; none where every form is long-acting. Lower case."""
    routes: _Words = ()
    """Ways of taking it that mean the same."""
    unless: _Words = ()
    """Words of forms that are not long-acting."""
    classes: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    """Classes besides those of its ingredient."""

    def fits(self, words: Sequence[str], route: str | None) -> bool:
        """Whether a medicine with the ingredient, written in these words, is in this form."""
        if not set(self.unless).isdisjoint(words):
            return False
        every_form = not self.said and not self.routes
        return every_form or route in self.routes or not set(self.said).isdisjoint(words)


class LongActing(ContentModel):
    """long_acting.yaml."""

    reviewed: str
    """Who reviewed the list; `pending` until then."""
    source: Slug
    """A key of sources.yaml."""
    basis: str
    """Where the weeks come from."""
    products: Annotated[tuple[LongActingProduct, ...], Field(min_length=1, strict=False)]
    """The first that fits counts."""
