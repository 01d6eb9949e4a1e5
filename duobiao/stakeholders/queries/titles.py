"""Names of what shows an element: an evidence key or a fact about the people."""

from django.utils.translation import get_language

from duobiao.playbooks.queries import catalogue, text_of
from duobiao.stakeholders.queries.definitions import readouts, words


def sign_title(key: str) -> str:
    """Return the title of an evidence key, or of a fact about people."""
    fact = readouts().facts.get(key)
    return evidence_title(key) if fact is None else words(fact)


def evidence_title(key: str) -> str:
    """Return the title of an evidence key in the reader's language."""
    found = catalogue().get(key)
    return key if found is None else text_of(found.title, get_language())
