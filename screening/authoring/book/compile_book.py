"""From a content to its rule book."""

from __future__ import annotations

from collections.abc import Mapping

from screening.authoring.book import question_words
from screening.authoring.book.condition_words import Clause, ConditionWords
from screening.authoring.book.question_words import in_languages
from screening.authoring.book.rulebook import (
    ClassEntry,
    HelpEntry,
    LimitEntry,
    RuleBook,
    RuleEntry,
    Said,
    ScoreEntry,
    SectionEntry,
    SharedCondition,
    SourceEntry,
    TierEntry,
)
from screening.engine.content import Content
from screening.model.condition import Condition, ItemTest, Named, ScoreTest, Takes, leaves
from screening.model.item import HELP_KINDS
from screening.model.item_types import Item
from screening.model.medicines_item import Medicines
from screening.model.rule import TIERS, Citation, Rule, Source, Tier
from screening.model.score import ScoreDefinition
from screening.model.section import Section
from screening.model.site import HelpBlock
from screening.model.text import Text

TIER_WORDS: Mapping[Tier, str] = {
    "urgent": "contact the person the same day",
    "high": "a clinician speaks with the person before anything is booked",
    "moderate": "bring it up at the visit",
    "info": "background for the clinician",
}
"""What each tier asks of staff, as in docs/clinic-guide.md."""

_READ: Mapping[str, str] = {
    "full": "read in full",
    "excerpt": "an excerpt was read",
    "abstract": "the abstract was read",
    "summary": "a summary by others was read",
    "none": "not read",
}


def rulebook(content: Content, language: str | None = None) -> RuleBook:
    """The rule book of `content`, with questions and options inside conditions in `language` (default: the first of the
    content)."""
    return _Compiler(content, language or content.languages[0]).book()


class _Compiler:
    def __init__(self, content: Content, language: str) -> None:
        self.content, self.language = content, language
        self.languages = [language, *(one for one in content.languages if one != language)]
        self.words = ConditionWords(content, language)
        self.leaves = {
            rule.id: [leaf for node in _conditions(rule) for leaf in self._leaves(node)] for rule in content.rules
        }

    def book(self) -> RuleBook:
        content = self.content
        cases = sum(len(rule.cases) for rule in content.rules)
        site, told = content.site, content.questionnaire.consent
        return RuleBook(
            title=content.questionnaire.title[self.language],
            clinic=site.clinic.name[self.language],
            version=content.questionnaire.version,
            content=content.hash,
            drafts=any(rule.status == "draft" for rule in content.rules),
            language=self.language,
            languages=content.questionnaire.languages,
            counts=(
                f"{len(content.items)} questions, {len(content.rules)} rules, {cases} worked cases, "
                f"{len(content.sources)} sources"
            ),
            how_to_read=self._how_to_read(),
            tiers=tuple(TierEntry(tier, TIER_WORDS[tier]) for tier in TIERS),
            consent=tuple(self._filled(text) for text in (told.text, *(point.text for point in told.points))),
            help=(
                HelpEntry("on every page", self.said(site.help.line), ()),
                *(self._help(kind, site.help.block(kind)) for kind in HELP_KINDS),
            ),
            sections=tuple(self._section(section) for section in content.sections),
            limits=tuple(self._limit(name) for name in content.site.thresholds),
            classes=tuple(
                ClassEntry(one.id, self.said(one.name), one.basis, one.ingredients, self._taking({one.id}))
                for one in content.classes
            ),
            opioids=self._opioids(),
            sources=tuple(self._source(source) for source in content.sources.values()),
        )

    def said(self, text: Text) -> Said:
        return in_languages(text, self.languages)

    def _filled(self, text: Text) -> Said:
        """Words of the consent, with the days of site.yaml as a person reads them."""
        site = self.content.site
        return {
            language: words.replace("{days}", str(site.retention_days)).replace("{draft_days}", str(site.draft_days))
            for language, words in self.said(text).items()
        }

    # ------------------------------------------------------------ who reads what

    def _leaves(self, node: Condition) -> list[Condition]:
        found: list[Condition] = []
        for leaf in leaves(node):
            found += (
                self._leaves(self.content.program.conditions[leaf.condition]) if isinstance(leaf, Named) else [leaf]
            )
        return found

    def _reads(self, leaf: Condition) -> tuple[str, ...]:
        """The link_ids that a comparison looks at."""
        if isinstance(leaf, ItemTest):
            return (leaf.item,)
        if isinstance(leaf, ScoreTest):
            return self.words.scores[leaf.score].items
        number = self.content.program.medicines
        return () if number is None else (self.content.program.items[number].item.link_id,)

    def _taking(self, names: set[str]) -> tuple[str, ...]:
        return tuple(
            rule
            for rule, found in self.leaves.items()
            if any(isinstance(leaf, Takes) and leaf.takes in names for leaf in found)
        )

    # ------------------------------------------------------------ parts

    def _section(self, section: Section) -> SectionEntry:
        return SectionEntry(
            id=section.section,
            title=self.said(section.title),
            intro=self.said(section.intro) if section.intro else None,
            questions=tuple(
                question_words.question(item, self.words, self.languages, self._readers(item)) for item in section.items
            ),
            conditions=tuple(SharedCondition(named.id, self.words.clause(named.when)) for named in section.conditions),
            scores=tuple(self._score(score) for score in section.scores),
            rules=tuple(self._rule(rule) for rule in section.rules),
        )

    def _readers(self, item: Item) -> tuple[str, ...]:
        return tuple(
            rule for rule, found in self.leaves.items() if any(item.link_id in self._reads(leaf) for leaf in found)
        )

    def _rule(self, rule: Rule) -> RuleEntry:
        limits = dict.fromkeys(name for node in _conditions(rule) for name in self.words.thresholds(node))
        return RuleEntry(
            id=rule.id,
            title=rule.short,
            status=rule.status,
            reviewed="not yet reviewed by a clinician"
            if rule.reviewed == "pending"
            else f"{rule.reviewed.by}, {rule.reviewed.on}",
            tier=TierEntry(rule.tier, TIER_WORDS[rule.tier]),
            other_tiers=tuple(
                TierEntry(other.tier, TIER_WORDS[other.tier], self.words.clause(other.when)) for other in rule.tier_when
            ),
            when=self.words.clause(rule.when),
            gates=self._gates(rule),
            limits=tuple(self._limit(name) for name in limits),
            supersedes=rule.supersedes,
            superseded_by=tuple(other.id for other in self.content.rules if rule.id in other.supersedes),
            patient=self.said(rule.patient) if rule.patient else None,
            clinician=rule.clinician,
            sources=tuple(self._citation(citation) for citation in rule.sources),
            cases=tuple(question_words.case(one, self.content, self.language) for one in rule.cases),
        )

    def _gates(self, rule: Rule) -> tuple[Clause, ...]:
        """When the questions that the rule reads are asked at all, where not of everybody."""
        read = dict.fromkeys(link_id for leaf in self.leaves[rule.id] for link_id in self._reads(leaf))
        items = [self.content.item(link_id) for link_id in read]
        return tuple(
            Clause(f"{self.words.question(item)}:", (self.words.clause(item.enable_when),))
            for item in items
            if item.enable_when
        )

    def _limit(self, name: str) -> LimitEntry:
        users = tuple(
            rule.id
            for rule in self.content.rules
            if any(name in self.words.thresholds(node) for node in _conditions(rule))
        )
        return LimitEntry(name, f"{self.content.site.thresholds[name]:g}", users)

    def _score(self, score: ScoreDefinition) -> ScoreEntry:
        names = " + ".join(self.words.question(self.content.item(link_id)) for link_id in score.items)
        made = {
            "sum": f"The sum of {names}",
            "mean": f"The mean of {names}",
            "bmi": f"Weight in kg divided by the square of height in m: {names}",
            "age": f"Whole years since {names}",
            "mme": f"Opioids a day in morphine milligram equivalents, for clinicians only: {names}",
        }
        return ScoreEntry(score.id, self.said(score.title) if score.title else None, made[score.method])

    def _citation(self, citation: Citation) -> str:
        source = self.content.sources[citation.cite]
        where = f" Where: {citation.where}." if citation.where else ""
        return f"{source.title}. {source.by}, {source.year} ({_READ[source.read]}; {source.key}).{where}"

    def _source(self, source: Source) -> SourceEntry:
        checked = ", ".join(f"{key} {value}" for key, value in source.checked.items())
        citing = tuple(rule.id for rule in self.content.rules if any(one.cite == source.key for one in rule.sources))
        return SourceEntry(
            source.key,
            source.title,
            source.by,
            str(source.year),
            source.kind.replace("-", " "),
            _READ[source.read],
            source.note or "",
            f"Checked: {checked}. Look at it again by {source.review_by}.",
            citing,
        )

    def _help(self, kind: str, block: HelpBlock) -> HelpEntry:
        actions = tuple(
            {language: f"{text} ({action.address(language)})" for language, text in self.said(action.text).items()}
            for action in block.actions
        )
        other = block.for_another
        lines = (*block.lines, *((other.title, *other.lines) if other else ()))
        return HelpEntry(kind, self.said(block.title), (*actions, *(self.said(line) for line in lines)))

    def _opioids(self) -> tuple[str, ...]:
        factors = self.content.program.opioids
        if factors is None:
            return ()
        lines = [
            f"{one.ingredient}: {one.factor:g} times the {one.unit} a day ({one.route})" for one in factors.factors
        ]
        return (factors.basis, *lines, f"Never counted: {', '.join(factors.left_out) or 'none'}")

    def _how_to_read(self) -> tuple[str, ...]:
        item = next((item for item in self.content.items if isinstance(item, Medicines)), None)
        window = (
            [option.text[self.language] for option in item.last_taken_option if option.code in item.recent]
            if item
            else []
        )
        return (
            "A rule raises an item to discuss with a clinician. It is never a diagnosis, a decision or "
            "advice about a medicine.",
            "Every statement is true, false or unknown. A blank, “not sure” or declined answer makes a "
            "comparison unknown, never “no”. "
            "“All of these” is false as soon as one part is false; “any of these” is true as soon as one part is true.",
            "A question that is not asked has no answer: where it is surely not to be asked, statements "
            "about it are false; where that is "
            "unknown, they are unknown.",
            "A rule whose condition is unknown “cannot tell”. Staff then see exactly the questions that "
            "are open. If one of them is "
            "safety-critical, it stands at tier high for an urgent or high rule and at moderate for any "
            "other; else as info.",
            "A score is “surely” so when it is so whatever the missing answers are.",
            *([f"Of a medicine, “lately” means: {'; '.join(window)}."] if window else []),
            "The words in brackets are the names that the files use.",
            "Draft rules wait for a clinician's review; retired rules are not used.",
        )


def _conditions(rule: Rule) -> list[Condition]:
    return [rule.when, *(other.when for other in rule.tier_when)]
