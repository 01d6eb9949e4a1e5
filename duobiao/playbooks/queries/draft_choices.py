"""What the forms of a draft offer: evidence, items, stages of the buyer."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.playbooks.domain.shape import GROUP_NAMES
from duobiao.playbooks.queries import catalogue, shipped_by_ref, text_of
from duobiao.playbooks.queries.draft_rows import words_in
from duobiao.playbooks.queries.item_words import supplier_words

Choices = list[tuple[str, str]]


def evidence_choices() -> list[tuple[str, Choices]]:
    """Return the evidence catalogue in groups, by the first part of the key; each says which record supplies it."""
    groups: dict[str, Choices] = {}
    for key, evidence in sorted(catalogue().items()):
        title = text_of(evidence.title, get_language())
        words = _("%(title)s (%(key)s), from: %(supplier)s") % {
            "title": title,
            "key": key,
            "supplier": supplier_words(key),
        }
        groups.setdefault(key.partition(".")[0], []).append((key, words))
    return list(groups.items())


def item_choices(document: Mapping[str, Any]) -> Choices:
    """Return the items of a draft."""
    return [
        (row["item"], f"{row['item']} {words_in(row.get('title'))}")
        for stage in document.get("stages", [])
        for group in GROUP_NAMES
        for row in stage.get(group, [])
        if row.get("item")
    ]


def buyer_choices(document: Mapping[str, Any]) -> Choices:
    """Return the stages of the buyer that a draft's stages may cover: its own, or those it takes over."""
    source = shipped_by_ref().get(document.get("buyer", ""), document)
    rows = source.get("buyer_stages", [])
    return [
        (row["key"], f"{number} {words_in(row.get('title'))}")
        for number, row in enumerate(rows, start=1)
        if row.get("key")
    ]
