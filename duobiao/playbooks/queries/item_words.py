"""What parts of a playbook are called: kinds of items, grades, validity, purchase methods, approvers."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from duobiao.playbooks.domain.checks import GROUP_OF
from duobiao.playbooks.domain.model import KNOWN_METHODS, Accept, Gate, Grade, Kind, Outcome, Until
from duobiao.playbooks.domain.vocabulary import Approver, ProcessGates, Supplier
from duobiao.playbooks.queries import catalogue

Words = str | Promise

LISTS: dict[str, Words] = {
    "milestone": gettext_lazy("Milestone: all of them open the stage"),
    "success": gettext_lazy("Success standard: all of them complete it"),
    "process": gettext_lazy("Process conditions"),
    "relationship": gettext_lazy("Relationship conditions"),
    "information": gettext_lazy("Information conditions"),
    "relations": gettext_lazy("Cells of the relationship matrix asked for"),
    "control_points": gettext_lazy("Control points"),
    "appraisal": gettext_lazy("What is appraised"),
    "tools": gettext_lazy("Tools and forms"),
    "work": gettext_lazy("Work of this stage"),
}
KINDS: dict[Kind, Words] = {
    Kind.M: gettext_lazy("Milestone"),
    Kind.S: gettext_lazy("Success standard"),
    Kind.P: gettext_lazy("Process condition"),
    Kind.R: gettext_lazy("Relationship condition"),
    Kind.INFORMATION: gettext_lazy("Information condition"),
}
GROUP_KINDS: dict[str, Words] = {GROUP_OF[kind]: words for kind, words in KINDS.items()}
GRADES: dict[Grade, Words] = {
    Grade.ASSERTED: pgettext_lazy("grade", "asserted"),
    Grade.DOCUMENTED: pgettext_lazy("grade", "documented"),
    Grade.BUYER_CONFIRMED: pgettext_lazy("grade", "buyer confirmed"),
}
GATES: dict[Gate, Words] = {
    Gate.ATI: gettext_lazy("ATI invest in the project"),
    Gate.ATB: gettext_lazy("ATB submit the bid"),
    Gate.ATC: gettext_lazy("ATC sign the contract"),
    Gate.ATAC: gettext_lazy("ATAC change the contract"),
}
APPROVERS: dict[Approver, Words] = {
    Approver.MANAGER: gettext_lazy("the owner's manager"),
    Approver.EXECUTIVE: gettext_lazy("an executive"),
}
PROCESS_GATES: dict[ProcessGates, Words] = {
    ProcessGates.NONE: gettext_lazy("none of them"),
    ProcessGates.MARKED: gettext_lazy("those that are marked"),
    ProcessGates.ALL: gettext_lazy("all of them"),
}
SUPPLIERS: dict[Supplier, Words] = {
    Supplier.CALL: pgettext_lazy("supplier", "call"),
    Supplier.VISIT: pgettext_lazy("supplier", "visit"),
    Supplier.METHOD: pgettext_lazy("supplier", "purchase method"),
    Supplier.CUSTOMER: pgettext_lazy("supplier", "card of the customer"),
    Supplier.CONTACT: pgettext_lazy("supplier", "card of the contact"),
    Supplier.ASSESSMENT: pgettext_lazy("supplier", "assessment of the customer"),
    Supplier.ADMISSION: pgettext_lazy("supplier", "admission as a supplier"),
    Supplier.NEEDS: pgettext_lazy("supplier", "needs"),
    Supplier.RIVALS: pgettext_lazy("supplier", "competition"),
    Supplier.CHAIN: pgettext_lazy("supplier", "decision chain"),
    Supplier.REVIEW: pgettext_lazy("supplier", "review"),
    Supplier.GENERAL: pgettext_lazy("supplier", "general proof"),
}
OUTCOMES: dict[Outcome, Words] = {
    Outcome.OPEN: pgettext_lazy("outcome", "open"),
    Outcome.WON: pgettext_lazy("outcome", "won"),
    Outcome.LOST: pgettext_lazy("outcome", "lost"),
    Outcome.GIVEN_UP: pgettext_lazy("outcome", "given up"),
}
METHODS: dict[str, Words] = {
    "OPEN_TENDER": gettext_lazy("open tender"),
    "INVITED_TENDER": gettext_lazy("invited tender"),
    "NEGOTIATION": gettext_lazy("competitive negotiation"),
    "CONSULTATION": gettext_lazy("competitive consultation"),
    "INQUIRY": gettext_lazy("request for quotation"),
    "COMPARISON": gettext_lazy("comparison of quotations"),
    "AUCTION": gettext_lazy("reverse auction"),
    "SINGLE_SOURCE": gettext_lazy("single source"),
    "DIRECT": gettext_lazy("direct purchase"),
    "FRAMEWORK": gettext_lazy("framework agreement"),
}


def holds_words(days: int | None, until: Until | None) -> str:
    """Return how long a proof holds."""
    if days is not None:
        return _("holds %(days)d days") % {"days": days}
    if until is Until.PROOF:
        return _("holds until the day it names")
    if until is Until.YEAR_END:
        return _("holds until the end of the budget year")
    return _("does not expire")


def accept_holds(accept: Accept) -> str:
    """Return how long a proof of one kind holds."""
    return holds_words(accept.valid_days, accept.until)


def supplier_words(evidence: str) -> str:
    """Return which record supplies a kind of evidence, "" where the catalogue lacks it."""
    held = catalogue().get(evidence)
    return str(SUPPLIERS[held.supplied_by]) if held is not None else ""


def method_names(methods: Collection[str] | None) -> list[str]:
    """Return the names of purchase methods in their usual order, none where there is no restriction."""
    return [str(METHODS[method.value]) for method in KNOWN_METHODS if methods is not None and method in methods]
