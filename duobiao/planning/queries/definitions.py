"""The kinds of sheets as shipped, by key and version."""

from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.kernel.reading import Fault, Text
from duobiao.kernel.refusals import NotFound
from duobiao.planning.domain.sheets import About, Definition, read_definition
from duobiao.web.texts import in_language

FOLDER: Final = Path(__file__).parents[1] / "data"
ORDER: Final = ("pest", "five_forces", "swot", "value_chain", "trends")


@lru_cache(maxsize=1)
def shipped_definitions() -> dict[tuple[str, int], Definition]:
    """Return all shipped versions by key and number.

    Raises:
        Fault: a file cannot be read, or two hold the same version; its place begins with the file.
    """
    found: dict[tuple[str, int], Definition] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        try:
            read = read_definition(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        except Fault as fault:
            raise Fault(f"{path.name}: {fault.path}", fault.message) from fault
        if (read.key, read.version) in found:
            raise Fault(f"{path.name}: version", "Two files hold the same version.")
        found[read.key, read.version] = read
    return found


@lru_cache(maxsize=1)
def definitions() -> dict[str, Definition]:
    """Return the newest version of every kind of sheet, in the order of their use."""
    newest: dict[str, Definition] = {}
    for (key, _version), read in sorted(shipped_definitions().items()):
        newest[key] = read
    ranked = sorted(newest, key=lambda key: (ORDER.index(key) if key in ORDER else len(ORDER), key))
    return {key: newest[key] for key in ranked}


def find_definition(key: str, about: About) -> Definition:
    """Return a kind of sheet that is kept of such subjects.

    Raises:
        NotFound: there is none.
    """
    found = definitions().get(key)
    if found is None or about not in found.about:
        raise NotFound(_("There is no such analysis."))
    return found


def definition_at(key: str, version: int) -> Definition:
    """Return the version an entry was written with; the newest where it is no longer shipped."""
    return shipped_definitions().get((key, version)) or definitions()[key]


def definitions_about(about: About) -> list[Definition]:
    """Return the kinds of sheets that are kept of such subjects."""
    return [found for found in definitions().values() if about in found.about]


def words(text: Text) -> str:
    """Return a text of a definition in the reader's language."""
    return in_language(text, get_language())
