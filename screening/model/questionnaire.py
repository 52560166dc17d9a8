"""What is asked as a whole: the title, the languages, the order of sections, and what a person agrees to first."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from screening.model.condition import Condition
from screening.model.content_model import ContentModel, Slug
from screening.model.text import Text


class ConsentPoint(ContentModel):
    """One plain statement that a person agrees to before the questions."""

    id: Slug
    """Its name in what is kept."""
    text: Text
    """The statement."""


class Consent(ContentModel):
    """What the person is told and agrees to; `version` is stored with every response."""

    version: str
    """Change it whenever the words change."""
    text: Text
    """What the person is told; {days} and {draft_days} stand for those of site.yaml."""
    points: Annotated[tuple[ConsentPoint, ...], Field(min_length=1, strict=False)]
    """The statements to agree to."""


class Questionnaire(ContentModel):
    """questionnaire.yaml: title, version, languages, the order of sections, consent."""

    title: Text
    """The title of the form."""
    version: str
    """For people; the content hash is for the program."""
    languages: Annotated[dict[str, str], Field(min_length=1)]
    """Code to name, the default first."""
    sections: Annotated[tuple[Slug, ...], Field(min_length=1, strict=False)]
    """File names in sections/, in the order asked."""
    consent: Consent
    """What comes before the questions."""
    for_another: Condition | None = None
    """Holds where somebody answers for another person, who then reads the words of `for_another`."""
