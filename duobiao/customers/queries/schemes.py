"""The assessment schemes of the company: as shipped, or as an administrator last wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.customers.domain.schemes import Class, Scheme, SchemeFault, read_scheme, write_scheme
from duobiao.customers.models import SchemeVersion
from duobiao.kernel.reading import Text
from duobiao.kernel.refusals import NotFound
from duobiao.web.texts import in_language

FILE: Final = Path(__file__).parents[1] / "data" / "schemes.yaml"
EVALUATION: Final = "evaluation"
"""The scheme that sorts all customers into classes."""
KEY_ACCOUNT: Final = "key_account"


@dataclass(frozen=True, slots=True)
class SchemeInForce:
    """A scheme that an assessment made now goes by.

    Attributes:
        held: The stored version; None while what was shipped was never used.
    """

    key: str
    scheme: Scheme
    version: int
    held: SchemeVersion | None

    @property
    def is_own(self) -> bool:
        """Whether the company wrote it."""
        return self.held is not None and self.held.published_by_id is not None


@lru_cache(maxsize=1)
def shipped_schemes() -> dict[str, Scheme]:
    """Return the schemes as shipped, in the order of the file."""
    document: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        row["key"]: read_scheme({name: value for name, value in row.items() if name != "key"})
        for row in document["schemes"]
    }


def schemes_in_force() -> dict[str, SchemeInForce]:
    """Return all schemes in force; one query."""
    newest: dict[str, SchemeVersion] = {}
    for held in SchemeVersion.objects.select_related("published_by").order_by("key", "version"):
        newest[held.key] = held
    return {key: _in_force(key, shipped, newest.get(key)) for key, shipped in shipped_schemes().items()}


def find_scheme(key: str) -> SchemeInForce:
    """Return one scheme in force.

    Raises:
        NotFound: there is none of this key.
    """
    shipped = shipped_schemes().get(key)
    if shipped is None:
        raise NotFound(_("There is no such assessment."))
    held = SchemeVersion.objects.filter(key=key).select_related("published_by").order_by("-version").first()
    return _in_force(key, shipped, held)


def stored_version(found: SchemeInForce, *, now: datetime) -> SchemeVersion:
    """Return the row of a scheme in force; what was shipped is stored when first used."""
    if found.held is not None and found.held.version == found.version:
        return found.held
    row, _created = SchemeVersion.objects.get_or_create(
        key=found.key,
        version=found.version,
        defaults={"document": write_scheme(found.scheme), "published_at": now},
    )
    return row


def words(text: Text) -> str:
    """Return a text of a scheme in the reader's language."""
    return in_language(text, get_language())


def class_title(schemes: Mapping[str, SchemeInForce], key: str, class_key: str) -> str:
    """Return the name of a class; its key where the scheme in force no longer has it."""
    found = schemes.get(key)
    held: Class | None = found.scheme.class_of(class_key) if found is not None else None
    return words(held.title) if held is not None else class_key


def fault_words(fault: SchemeFault) -> str:
    """Return the message of a fault, translated."""
    known = {
        "The weights must add up to 100.": _("The weights must add up to 100."),
        "Order the classes from the highest score down; the last one begins at 0.": _(
            "Order the classes from the highest score down; the last one begins at 0."
        ),
        "Give the lowest and the highest score.": _("Give the lowest and the highest score."),
        "There are too few or too many entries.": _("There are too few or too many entries."),
        "Something is missing here.": _("Something is missing here."),
        "There is no such field.": _("There is no such field."),
        "Write it in Chinese and in English, not too long.": _("Write it in Chinese and in English, not too long."),
        "Write it in Chinese and in English.": _("Write it in Chinese and in English."),
        "A key is a letter followed by letters, digits or underscores.": _(
            "A key is a letter followed by letters, digits or underscores."
        ),
        "The number is out of range.": _("The number is out of range."),
        "Choose one of those offered.": _("Choose one of those offered."),
        "Two entries have the same key.": _("Two entries have the same key."),
    }
    return known.get(fault.message, fault.message)


def _in_force(key: str, shipped: Scheme, held: SchemeVersion | None) -> SchemeInForce:
    if held is not None and held.published_by_id is not None:
        return SchemeInForce(key, read_scheme(held.document), held.version, held)
    if held is None or held.document == write_scheme(shipped):
        return SchemeInForce(key, shipped, held.version if held is not None else 1, held)
    return SchemeInForce(key, shipped, held.version + 1, held)
