"""Addresses of the pages of a deal, and of the forms that supply evidence for it."""

from typing import Final
from urllib.parse import urlencode

from duobiao.playbooks.domain.vocabulary import Supplier

DEAL_PAGES: Final = {
    Supplier.METHOD: "purchase-method",
    Supplier.CUSTOMER: "profile/customer",
    Supplier.CONTACT: "profile/handler",
    Supplier.ASSESSMENT: "profile/assessment",
    Supplier.ADMISSION: "profile/admission",
    Supplier.RIVALS: "competition",
    Supplier.NEEDS: "needs",
    Supplier.CHAIN: "decision-chain/evidence",
    Supplier.REVIEW: "gate-reviews",
}
"""Page of a deal that supplies what one form or record supplies."""
NEEDS_PAGES = {
    "needs.analysis_completed": "requirements/new",
    "needs.reviewed_with_customer": "requirements",
    "needs.must_haves_covered": "needs/matrix",
}
"""Which page of the needs supplies what; the others are supplied by the tree."""


def deal_url(ref: str, page: str = "") -> str:
    """Return the address of a deal, or of one of its pages: ``people``, ``history`` …"""
    return f"/opportunities/{ref}/{page}/" if page else f"/opportunities/{ref}/"


def stage_url(ref: str, number: int) -> str:
    """Return the address of the items of a stage."""
    return deal_url(ref, f"stages/{number}")


def prove_url(ref: str, *, key: str = "", item: str = "") -> str:
    """Return the form that records a proof; ``item`` lets the person choose among what would do for it."""
    return _with(deal_url(ref, "proofs/new"), key=key, item=item)


def close_url(ref: str, outcome: str = "") -> str:
    """Return the form that closes a deal as won or lost."""
    return _with(deal_url(ref, "close"), outcome=outcome)


def give_up_url(ref: str) -> str:
    """Return the form that asks to give a deal up."""
    return deal_url(ref, "give-up")


def waiver_url(ref: str, item: str) -> str:
    """Return the form that asks for a waiver."""
    return _with(deal_url(ref, "waivers/new"), item=item)


def proof_url(proof_ref: str) -> str:
    """Return the page of one proof."""
    return f"/proofs/{proof_ref}/"


def supply_url(ref: str, *, supplied_by: Supplier, key: str, item: str) -> str:
    """Return the form that supplies a kind of evidence.

    Args:
        supplied_by: As the evidence catalogue says.
        item: The item it is for, so that the form can say what it opens.
    """
    if supplied_by == Supplier.CALL:
        return _with("/calls/new/", opportunity=ref)
    if supplied_by == Supplier.VISIT:
        return _with("/visits/record/", opportunity=ref)
    if supplied_by == Supplier.CHAIN:
        return _with(deal_url(ref, DEAL_PAGES[supplied_by]), key=key, item=item)
    if supplied_by in DEAL_PAGES:
        return deal_url(ref, NEEDS_PAGES.get(key, DEAL_PAGES[supplied_by]))
    return prove_url(ref, key=key, item=item)


def _with(path: str, **values: str) -> str:
    held = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(held)}" if held else path
