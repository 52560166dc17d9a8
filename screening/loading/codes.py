"""Every kind of finding that the content check makes, with what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Code:
    """A kind of finding. error: content must not be used like this. warning: mend it, or write in accepted.yaml why it
    stays."""

    level: Level
    what: str
    remedy: str


def _error(what: str, remedy: str) -> Code:
    return Code("error", what, remedy)


def _warning(what: str, remedy: str) -> Code:
    return Code("warning", what, remedy)


CODES: dict[str, Code] = {
    # Reading the files
    "D001": _error(
        "a file cannot be read as strict YAML",
        "Check indentation and quotes at that line; anchors, aliases and tags are refused.",
    ),
    "D002": _error("a file that must exist is missing", "Put it back, or copy it from the shipped content."),
    "D003": _error("a table of medicine names cannot be read", "Save it as UTF-8 CSV with all cells in each row."),
    "D004": _error(
        "the template of the prep sheet cannot be set, or names a question that does not exist",
        "Correct prep-sheet.typ at what the finding names, or copy it from the shipped content.",
    ),
    "D005": _error(
        "a question is asked for the clinician's summary and is not on the prep sheet",
        "Name it in prep-sheet.typ, or state another purpose.",
    ),
    "M001": _error("a key is not known here", "Correct its spelling, or remove it; content/README.md lists the keys."),
    "M002": _error("a key is missing", "Add it; content/README.md explains every key."),
    "M003": _error("a value is not of the right kind", "Correct the value; content/README.md explains every key."),
    "M004": _error(
        "crisis or emergency help is missing: the app does not start without it",
        "Write the local help in every language.",
    ),
    "M005": _error("an id is not made of lower-case words joined by hyphens", "Write it like high-blood-pressure."),
    "M006": _error("a value is none of those that can stand here", "Use one of the values that the finding names."),
    "M007": _error(
        "a number is out of its bounds, or a list too short or too long", "Correct it to what the finding says."
    ),
    "M008": _error("an active rule has no review", "Write reviewed: {by: ..., on: ...}, or set its status to draft."),
    "M009": _error("a text has no words", "Write the words, or remove the key."),
    "M010": _error(
        "a condition is not written as one comparison",
        "See content/README.md: each part compares one thing in one way.",
    ),
    # The shape of the questionnaire
    "S001": _error(
        "a section is named but has no file, or has a file but is not named",
        "Make questionnaire.yaml and the files agree.",
    ),
    "S002": _error("an id is used twice", "Give one of the two a new id: ids are unique over all files."),
    "S003": _error("a text is missing in one of the questionnaire's languages", "Write it in every language."),
    "S004": _error(
        "an answer set does not exist, or an item has no options", "Correct its name, or give the item answer_option."
    ),
    "S005": _error("the smallest number of an item is not below its largest", "Correct min or max."),
    "S006": _error("two options of one list have the same code", "Give each option its own code."),
    "S007": _warning("two options of one list read the same", "Reword one, or remove it."),
    "S008": _warning("two questions read the same", "Ask it once, or say what differs."),
    "S009": _error(
        "an answer about health is required", "Remove `required`: a person may leave out what they do not want to say."
    ),
    "S010": _warning(
        "a safety-critical question has no way to say not sure or prefer not to say",
        "Add such an option with its `meaning`.",
    ),
    "S011": _warning("a question with several choices has no way to say none", "Add an option with `exclusive: true`."),
    "S012": _warning(
        "the items of a score do not offer the same numbers",
        "Check weights, min and max against the published instrument.",
    ),
    "S013": _error(
        "an option of a scored item has neither weight nor meaning",
        "Give it a weight, or say that it means not-sure or declined.",
    ),
    "S014": _warning("no item uses an answer set", "Remove it, or use it."),
    "S015": _warning(
        "nothing reads a score and staff do not see it", "Use it in a rule, give it a title, or remove it."
    ),
    "S016": _warning("nothing names a threshold", "Remove it from site.yaml, or name it in a rule."),
    "S017": _warning("nothing names a condition", "Remove it, or use it in a rule."),
    "S018": _error(
        "the staff's pages name a question, a section or a class of medicines that does not exist",
        "Correct its name in `staff` of site.yaml.",
    ),
    # Conditions, gates and rules
    "R001": _error("a condition asks about an item that does not exist", "Correct the spelling, or add the item."),
    "R002": _error(
        "a condition asks about an option that the item does not have", "Correct the spelling, or add the option."
    ),
    "R003": _error(
        "a condition compares an item in a way that it cannot be compared", "Use `is` for options, limits for numbers."
    ),
    "R004": _error("a score does not exist", "Correct the spelling, or add the score."),
    "R005": _error("a medicine class or ingredient does not exist", "Correct the spelling, or add it to medicines/."),
    "R006": _error("a threshold does not exist", "Correct the spelling, or add it to site.yaml."),
    "R007": _error("a named condition does not exist", "Correct the spelling, or add the condition."),
    "R008": _error("named conditions lead back to themselves", "Write one of them out."),
    "R009": _error(
        "a gate looks at an item that is asked later", "A gate can only look back: move one of the two items."
    ),
    "R010": _error("a rule cites a source that does not exist", "Correct the key, or add the source to sources.yaml."),
    "R011": _error("a rule supersedes a rule that does not exist", "Correct the id."),
    "R012": _error(
        "rules supersede each other in a circle, so that a patient reads none of them", "Remove one `supersedes`."
    ),
    "R013": _error(
        "a rule supersedes a more pressing one",
        "The patient must read the more pressing: turn it round, or raise the tier.",
    ),
    "R014": _warning("a retired rule supersedes, or is superseded", "Remove it from `supersedes`."),
    "R015": _warning("any_of names the same option twice", "Name each option once."),
    "R016": _warning("the same part stands twice in all, any, none or at_least", "Keep one of the two."),
    "R017": _error(
        "a limit lies outside what the answer or score can be",
        "Correct the limit: the comparison always or never holds.",
    ),
    "R018": _error("the limits of one comparison exclude each other", "Correct them: no number can satisfy both."),
    "R019": _warning("another tier of a rule is the rule's own tier", "Remove it from tier_when, or correct it."),
    "R020": _error("a safety-critical question is read by no rule", "Write the rule, or remove safety_critical."),
    # Worked cases
    "C001": _error("a worked case gives an answer that cannot be given", "Correct the item's name or the answer."),
    "C002": _error("a worked case comes out otherwise than it expects", "Correct the case or the rule."),
    "C003": _error("a rule has fewer than four worked cases", "Write at least four."),
    "C004": _error("a worked case answers an item that is not asked", "Leave that answer out, or answer the gate."),
    "C005": _warning("two worked cases of a rule give the same answers", "Change one, or remove it."),
    "C006": _warning("two worked cases of a rule have the same name", "Say in the name what is special about each."),
    "C007": _warning(
        "no worked case of a rule shows one of raised, not raised, cannot tell", "Add a case with that outcome."
    ),
    "C008": _warning("no worked case shows one of the tiers of a rule", "Add a raised case that expects that tier."),
    "U001": _error(
        "a mistake in a condition or gate would pass every worked case",
        "Add the case that the finding offers, if a clinician agrees.",
    ),
    "U002": _error(
        "a mistake passes every worked case, and whether it matters could not be settled",
        "Write a case for this part, or make it simpler.",
    ),
    # What patients read
    "W001": _error("a patient's text holds a word that patients must not read", "Say it without a verdict."),
    "W002": _error("an item is read by nothing and states no purpose", "Use it in a rule, or state its purpose."),
    "W003": _error("a patient's text holds a clinician's word", "Say it in everyday words."),
    "W004": _error(
        "a patient's text holds a dose or tells what to do with a medicine",
        "Leave it to the conversation with a clinician.",
    ),
    "W005": _error(
        "a patient's text holds markup or a web address", "Write plain words: markup would be shown as typed."
    ),
    "W006": _error(
        "a patient's text holds an emoji or an invisible character",
        "Remove it: screen readers and printers stumble over it.",
    ),
    "W007": _warning("a patient's text begins or ends with a space, or has two in a row", "Remove the extra space."),
    "W008": _warning("a question or sentence does not end with a mark", "End it with a question mark or a full stop."),
    "W009": _warning("a text is too long for a phone", "Shorten it, or move part of it to the hint."),
    "W010": _warning("a hint repeats the question", "Remove the hint, or say something new."),
    "W011": _warning("a question holds two negatives", "Turn it round so that yes means yes."),
    "W012": _warning("two questions stand in one", "Ask them one by one."),
    "W013": _warning("a Spanish question does not open with its mark", "Begin the question with the inverted mark."),
    "W014": _warning("a word is written in capitals", "Write it in lower case: capitals are hard to read."),
    "W015": _warning("a sentence reads above grade 9", "Use shorter words and sentences."),
    "W016": _warning("a sentence has more than 30 words", "Make two of it."),
    "W017": _error(
        "a telephone number stands outside site.yaml", "Name it in site.yaml only, so that it is changed in one place."
    ),
    "W018": _warning(
        "a published instrument differs from one question to the next in its opening words",
        "Copy the published stem to each.",
    ),
    "W019": _error(
        "a question of a published instrument does not have its published wording",
        "Copy the published text: another wording has not been validated.",
    ),
    # Translations
    "T001": _error("the braces of a text differ between languages", "Use the same {names} in every language."),
    "T002": _error("a text has braces that nothing fills in", "Correct the name in braces, or remove it."),
    "T003": _warning("a text is the same in two languages", "Translate it."),
    "T004": _warning(
        "a text changed and its translation did not", "Check the translation, then run `translations --confirm`."
    ),
    "T005": _error(
        "the consent does not say how long answers and drafts are kept",
        "Keep {days} and {draft_days} in the consent text.",
    ),
    # Privacy, and help
    "P001": _error(
        "a rule, gate or score reads a name, a contact or a date that identifies a person",
        "Remove it; age is the only use of a date of birth.",
    ),
    "P002": _error("a question for a phone, an e-mail or a date is not marked as identifying", "Set its `identifier`."),
    "P003": _error(
        "a question that people answer in their own words is not marked",
        "Set `identifier: free-text`, or name or contact.",
    ),
    "H001": _error(
        "no answer brings up the crisis help", "Give the question about self-harm show_help with the block crisis."
    ),
    "H002": _error(
        "no answer brings up the emergency help",
        "Give the questions about emergencies show_help with the block emergency.",
    ),
    "H003": _error("a help block has no number to call", "Add an action with `href: tel:`."),
    "H004": _error(
        "a line of help lacks the emergency or crisis number in a language",
        "Name each number of the actions in every language.",
    ),
    "H005": _error("the clinic's telephone number has too few digits", "Write the number that patients can call."),
    "H006": _error(
        "forms are deleted before the drafts of the same day", "retention_days must be more than draft_days."
    ),
    # The clinic's face
    "B001": _error(
        "a colour of the clinic stands out too little to be read or seen",
        "Choose a darker primary or accent, or a lighter background.",
    ),
    "B002": _error(
        "a picture of the clinic is missing, too large, no SVG or PNG, or brings more than a picture",
        "Put a plain SVG or PNG into content/brand/: a logo of at most 100 kB, an icon of at most 16 kB.",
    ),
    # Rules' words
    "V001": _warning("a rule above info has no words for the patient", "Write neutral words for the patient."),
    "V002": _error("a rule says the same to clinicians as to patients", "Write for each of them."),
    "V003": _warning("two rules say the same to patients", "Say what each is about."),
    "V004": _error(
        "a clinician's text gives a verdict", "State what was reported and what to check; clinicians decide."
    ),
    "V005": _warning(
        "a rule has no title of its own, by which staff know it in a list", "Write two to five plain words as `title`."
    ),
    # What `check --cohort` counts
    "K001": _warning(
        "more people of the made-up clinic come out urgent or high than staff can see to",
        "Narrow the rules that fire most, or lower their tier: a tier that most people have says nothing.",
    ),
    "K002": _warning(
        "one rule alone makes too many people of the made-up clinic urgent or high",
        "Narrow the rule, or lower its tier.",
    ),
    "K003": _warning(
        "a typical person of the made-up clinic has too many flags or lines",
        "Make facts of flags, or let rules supersede.",
    ),
    # Evidence
    "E001": _warning("nothing cites a source", "Remove it, or cite it."),
    "E002": _warning("a source has no year", "Look up the year of the edition that was read."),
    "E003": _warning("a source is past its review date", "Look at it again, then set `checked` and `review_by`."),
    "E004": _error("a review or check lies in the future", "Write the day on which it was done."),
    "E005": _error("two sources have the same key", "Give one of the two a new key."),
    "E006": _warning("a rule cites the same place twice", "Keep one of the two."),
    "E007": _error(
        "a source does not say who checked it and when",
        "Write checked: {by: ..., on: ...}; `by: pending` until someone has.",
    ),
    "E008": _warning("the review of an active rule is more than two years old", "Have a clinician review it again."),
    "E009": _error("a source was to be reviewed before it was checked", "Set `review_by` to a day after `checked`."),
    "E010": _warning("a reviewed rule is still a draft", "Set its status to active, or its review to pending."),
    # Medicines
    "F001": _error("a medicine class does not say what it is based on", "State the source of its list of ingredients."),
    "F002": _warning("an opioid has no factor and is not left out", "Add its factor, or name it in left_out."),
    "F003": _error(
        "a factor or left_out names what is not an opioid of the classes", "Correct the name, or add it to the class."
    ),
    "F004": _error("a factor has a unit that people cannot choose", "Use a code of `units` and of dose_unit_option."),
    "F005": _warning("a class names an ingredient twice", "Name it once."),
    "F006": _warning(
        "no name leads to an ingredient of a class", "Correct its spelling, or add its names to names_local.csv."
    ),
    "F007": _error("two medicine classes have the same id", "Give one of the two a new id."),
    "F008": _warning("no rule asks about a medicine class", "Use it in a rule, or remove it."),
    "F009": _error(
        "a name in another language is of no ingredient", "Correct the ingredient in medicines/ingredients.csv."
    ),
    # Findings that someone has accepted
    "A001": _warning("a finding that was accepted does not come up any more", "Remove it from accepted.yaml."),
    "A002": _error("what cannot be accepted was accepted", "Only warnings can be accepted: mend the text."),
    # What `check --deep` proves
    "X001": _error("an item can never be asked", "Correct its gate, or remove the item."),
    "X002": _error("an answer to an item can never be given", "Correct the limits or the gate, or remove the option."),
    "X003": _error("a rule can never be raised", "Correct its condition, or remove the rule."),
    "X004": _error(
        "a rule is never settled as not raised", "Correct its condition: it says nothing if it is always raised."
    ),
    "X005": _error("a rule can never be raised at one of its tiers", "Correct that part of tier_when, or remove it."),
    "X006": _error("a help block can never be shown", "Correct the condition of show_help: help must be reachable."),
    "X007": _warning("a part of an `any` or `none` never decides anything", "Remove it, or correct it."),
    "X008": _warning("two rules are raised for the same patients", "Make one of them, or say what differs."),
    "X009": _warning(
        "a rule is always raised together with another, and the patient reads both",
        "Let the more specific supersede the other.",
    ),
    "X010": _warning("whether something can happen could not be settled", "Make the condition simpler."),
}
"""Every kind of finding, by its code. A code keeps its meaning for ever. docs/findings.md is made from this."""
