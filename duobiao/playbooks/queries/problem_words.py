"""What is wrong with a playbook document, in words that name the remedy."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, pgettext

from duobiao.playbooks.domain.problems import Code, Problem

WORDS: Mapping[Code, Any] = {
    Code.TOO_LARGE: gettext_lazy(
        "The document is larger than %(most)s KB. A playbook has at most 300 items; shorten it."
    ),
    Code.NOT_UTF8: gettext_lazy("This line is not UTF-8 text. Save the file as UTF-8."),
    Code.SYNTAX: gettext_lazy("This is not valid YAML: %(said)s. Check indents, colons and quotation marks here."),
    Code.ONE_DOCUMENT: gettext_lazy(
        "A second document begins here. Send one playbook at a time; remove the line “---”."
    ),
    Code.TOO_DEEP: gettext_lazy("Lists and mappings are nested more than %(most)s deep. Write them flatter."),
    Code.TOO_MANY_PARTS: gettext_lazy(
        "The document has more than %(most)s values, aliases counted. A playbook has at most 300 items; shorten it."
    ),
    Code.CYCLE: gettext_lazy("This alias contains itself. Write the values out instead."),
    Code.DUPLICATE_KEY: gettext_lazy("“%(key)s” stands here twice. Remove one of the two."),
    Code.KEY_NOT_TEXT: gettext_lazy("A field name must be a short word. Write it as text."),
    Code.MERGE_KEY: gettext_lazy("“<<” is not supported. Write the fields out."),
    Code.UNREADABLE: gettext_lazy("“%(value)s” cannot be read. Put it in quotation marks, or remove its tag."),
    Code.UNKNOWN_KEY: gettext_lazy("There is no field “%(key)s” here. Remove it, or use one of: %(allowed)s."),
    Code.MISSING_KEY: gettext_lazy("The field “%(key)s” is missing. Add it."),
    Code.NOT_MAPPING: gettext_lazy("Fields with values are needed here. Write them as “name: value”."),
    Code.NOT_LIST: gettext_lazy("A list is needed here. Begin each entry with “- ”."),
    Code.NOT_TEXT: gettext_lazy("Text is needed here. Write words, in quotation marks if they look like a number."),
    Code.NOT_WHOLE: gettext_lazy("A whole number from %(least)s to %(most)s is needed here. Write one."),
    Code.NOT_FLAG: gettext_lazy("Write true or false here."),
    Code.NOT_ONE_OF: gettext_lazy("“%(value)s” is not known here. Use one of: %(allowed)s."),
    Code.NOT_A_NAME: gettext_lazy("“%(value)s” is no key. Use letters, figures, dots, hyphens and underscores only."),
    Code.TOO_LONG: gettext_lazy("More than %(most)s characters. Shorten it."),
    Code.NOT_PRINTABLE: gettext_lazy("Control characters stand here. Remove them."),
    Code.EMPTY: gettext_lazy("Nothing stands here. Write something, or remove the field."),
    Code.LANGUAGE_MISSING: gettext_lazy("The language “%(language)s” is missing. Add the text in it."),
    Code.LANGUAGE_UNKNOWN: gettext_lazy(
        "The language “%(language)s” is not written here. Use %(languages)s; traditional Chinese is made from simplified."
    ),
    Code.UNKNOWN_EVIDENCE: gettext_lazy(
        "There is no evidence “%(key)s”. Take a key of the catalogue (/api/v1/evidence).%(near)s"
    ),
    Code.EVENT_EXPIRES: gettext_lazy("“%(evidence)s” is an event and never expires. Remove “%(field)s”."),
    Code.TWO_ENDS: gettext_lazy("Two ways to expire stand here. Keep either “valid_days” or “valid_until”."),
    Code.GRADE_TOO_HIGH: gettext_lazy(
        "“%(evidence)s” never gets beyond %(ceiling)s. Ask for that grade or a lower one."
    ),
    Code.MIXED_METHODS: gettext_lazy(
        "Some kinds of evidence here name purchase methods, others do not. Give all of them methods, or none."
    ),
    Code.STAGE_COUNT: gettext_lazy("There are %(found)s stages. A playbook has 1 to %(most)s; add or join some."),
    Code.TOO_MANY_STAGES: gettext_lazy("There are %(found)s stages. A playbook has 1 to %(most)s; add or join some."),
    Code.BUYER_STAGE_COUNT: gettext_lazy("There are %(found)s stages of the buyer. Write all %(wanted)s."),
    Code.ONE_BUYER_TRACK: gettext_lazy("The buyer's track is taken over by “buyer”. Remove “%(key)s”, or “buyer”."),
    Code.UNKNOWN_BUYER: gettext_lazy(
        "No shipped playbook of this name brings a buyer's track. Use one of: %(allowed)s."
    ),
    Code.ONE_COVER: gettext_lazy(
        "Say which buyer stages this stage covers: either “buyer_stage” or “buyer_stages: [first, last]”."
    ),
    Code.UNKNOWN_BUYER_STAGE: gettext_lazy("The buyer has no stage “%(key)s”. Use one of: %(allowed)s."),
    Code.COVER_ENDS: gettext_lazy("Write two stages here: the first and the last that are covered."),
    Code.COVER_BACKWARDS: gettext_lazy(
        "Stage “%(key)s” covers earlier buyer stages than the one before it. Put the stages, or what they cover, in order."
    ),
    Code.RATES_COUNT: gettext_lazy(
        "There are %(found)s rates. Write %(wanted)s: one before the first stage and one after each."
    ),
    Code.RATE_NOT_RISING: gettext_lazy(
        "The rate %(rate)s is not above %(before)s before it. Rates must rise from stage to stage."
    ),
    Code.TOO_MANY_ITEMS: gettext_lazy(
        "There are %(found)s items; at most %(most)s can be judged. Remove or join some."
    ),
    Code.TWICE: gettext_lazy("The key “%(key)s” is used before. Choose another one."),
    Code.EVIDENCE_TWICE: gettext_lazy(
        "“%(evidence)s” already proves the item %(item)s. Among milestones and success standards each evidence proves one item; take another."
    ),
    Code.NOTHING_LEFT: gettext_lazy(
        "Under %(methods)s nothing is left here that asks for at least %(grade)s. Add an item that applies to every method."
    ),
    Code.NO_CONTRACT: gettext_lazy("No gating item asks for the signed contract. Add one that accepts “%(evidence)s”."),
    Code.EXPIRES_AFTER_WIN: gettext_lazy(
        "Item %(item)s runs out, but this stage goes on after the deal is won. Remove “valid_days” and “valid_until”."
    ),
    Code.UNKNOWN_ITEM: gettext_lazy("There is no item “%(item)s”. Name an item of this playbook, or remove the field."),
    Code.RELATION_TWICE: gettext_lazy(
        "This stage already asks the same of as many of “%(who)s”. Put the cells into one entry."
    ),
    Code.NO_CELLS: gettext_lazy("No cell is named. Name at least one; without cells ask for one such person."),
    Code.CONTROL_POINT_GONE: gettext_lazy(
        "The control point %(key)s is fixed and must stay. Put it back; it may move to another stage."
    ),
    Code.CONTROL_POINT_LOOSENED: gettext_lazy(
        "The control point %(key)s is fixed. It stays fixed, of kind %(kind)s, and proves the item %(item)s."
    ),
    Code.APPROVER_LOWERED: gettext_lazy(
        "The control point %(key)s needs at least %(approver)s to agree. Choose them, or somebody higher."
    ),
}


def problem_words(problem: Problem) -> str:
    """Return what is wrong and what to do, in the reader's language."""
    values = {name: _words_of(value) for name, value in problem.values.items()}
    if problem.code is Code.UNKNOWN_EVIDENCE:
        values["near"] = _hint(values["near"])
    words: str = str(WORDS[problem.code]) % values
    return words


def _words_of(value: object) -> str:
    return pgettext("between keys", ", ").join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _hint(near: str) -> str:
    return pgettext("after a sentence", " Did you mean “%(key)s”?") % {"key": near} if near else ""
