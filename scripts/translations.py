"""Translations: extract messages per app, check that Chinese is complete, compile simplified and traditional.

    python scripts/translations.py update [app ...]   source -> duobiao/<app>/locale/zh_Hans/LC_MESSAGES/django.po
    python scripts/translations.py check [app ...]    exit 1 and a list of what is missing or wrong
    python scripts/translations.py compile            .mo for zh_Hans, and zh_Hant made from it by OpenCC

Messages are English in the source; simplified Chinese is written by hand, traditional Chinese is generated, with
corrections in ``duobiao/web/zh_hant.yaml``.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polib
import yaml
from babel.messages.extract import extract
from opencc import OpenCC

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "duobiao"
EXCEPTIONS = PACKAGE / "web" / "zh_hant.yaml"
SKIPPED_FOLDERS = {"tests", "migrations", "static", "locale", "__pycache__"}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
LONE_PERCENT = re.compile(r"%(?![(%])")
HEADER = {
    "Project-Id-Version": "duobiao",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

Key = tuple[str | None, str]


@dataclass
class Message:
    """One message of the source: where it stands, and whether a template holds it."""

    msgid: str
    plural: str | None
    context: str | None
    files: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """What identifies it in a catalogue."""
        return (self.context, self.msgid)

    @property
    def in_template(self) -> bool:
        """Jinja formats every message, so a lone percent sign breaks there."""
        return any(file.endswith(".html") for file in self.files)


def apps(names: Iterable[str]) -> list[Path]:
    """Return the folders of the named apps, or of all."""
    if chosen := list(names):
        return [PACKAGE / name for name in chosen]
    return sorted(path for path in PACKAGE.iterdir() if (path / "__init__.py").is_file())


def sources(app: Path) -> Iterator[Path]:
    """Yield the Python files and templates that may hold messages."""
    for path in sorted(app.rglob("*")):
        inside = path.relative_to(app).parts[:-1]
        if path.suffix in {".py", ".html"} and not SKIPPED_FOLDERS.intersection(inside):
            yield path


def messages(app: Path) -> dict[Key, Message]:
    """Extract the messages of one app, in reading order."""
    found: dict[Key, Message] = {}
    for path in sources(app):
        method = "python" if path.suffix == ".py" else "jinja2"
        options = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"} if method == "jinja2" else {}
        with path.open("rb") as file:
            for _line, text, _comments, context in extract(method, file, keywords=KEYWORDS, options=options):
                msgid, plural = (text[0], text[1]) if isinstance(text, tuple) else (text, None)
                if not msgid:
                    continue
                message = found.setdefault((context, msgid), Message(msgid, plural, context))
                message.plural = message.plural or plural
                name = path.relative_to(ROOT).as_posix()
                if name not in message.files:
                    message.files.append(name)
    return found


def po_path(app: Path) -> Path:
    """Return where an app keeps its simplified Chinese."""
    return app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def load(app: Path) -> dict[Key, polib.POEntry]:
    """Read an app's catalogue; obsolete entries are left out."""
    if not po_path(app).is_file():
        return {}
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(po_path(app))) if not entry.obsolete}


def update(app: Path) -> None:
    """Bring an app's catalogue in line with its source, keeping what is translated."""
    found, old = messages(app), load(app)
    if not found and not old:
        return
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = dict(HEADER)
    for message in found.values():
        catalogue.append(_entry(message, old.get(message.key)))
    po_path(app).parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(po_path(app)), newline="\n")
    empty = len(catalogue.untranslated_entries())
    print(f"{app.name}: {len(catalogue)} messages, {empty} to translate")


def _entry(message: Message, old: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.msgid, msgctxt=message.context, occurrences=[(file, "") for file in message.files]
    )
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: (old.msgstr_plural.get(0, "") or old.msgstr) if old else ""}
    else:
        entry.msgstr = (old.msgstr or old.msgstr_plural.get(0, "")) if old else ""
    if "%(" in message.msgid:
        entry.flags = ["python-format"]
    if old:
        entry.tcomment = old.tcomment
    return entry


def translation(entry: polib.POEntry) -> str:
    """Return the Chinese text; Chinese has one plural form."""
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def placeholders(text: str) -> set[str]:
    """Return the names a text expects to be filled in."""
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def faults(app: Path) -> Iterator[str]:
    """Yield one line per thing wrong with an app's catalogue."""
    held = load(app)
    found = messages(app)
    for message in found.values():
        where = f"{message.files[0]}: {message.msgid!r}"
        entry = held.get(message.key)
        if entry is None or not translation(entry):
            yield f"{where} has no translation"
            continue
        yield from (f"{where} {fault}" for fault in _entry_faults(message, entry))
    for key in held.keys() - found.keys():
        yield f"{app.name}: {key[1]!r} is no longer used; run update"


def _entry_faults(message: Message, entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield "is marked fuzzy"
    expected = placeholders(message.msgid) | placeholders(message.plural or "")
    actual = placeholders(translation(entry))
    if actual != expected and not (message.plural and actual <= expected):
        yield f"needs the placeholders {sorted(expected)}, the translation has {sorted(actual)}"
    if message.in_template and any(LONE_PERCENT.search(text) for text in (message.msgid, translation(entry))):
        yield "has a lone percent sign; templates need it doubled"


@cache
def exceptions() -> dict[str, dict[str, str]]:
    """Read the corrections of the generated traditional Chinese: ``words`` after OpenCC, whole ``messages``."""
    held = yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8")) if EXCEPTIONS.is_file() else {}
    return {"words": held.get("words") or {}, "messages": held.get("messages") or {}}


def traditional() -> Callable[[str, str], str]:
    """Return the function (msgid, simplified) -> traditional."""
    converter, held = OpenCC("s2twp"), exceptions()

    def convert(msgid: str, text: str) -> str:
        if msgid in held["messages"]:
            return held["messages"][msgid]
        result: str = converter.convert(text)
        for wrong, right in held["words"].items():
            result = result.replace(wrong, right)
        return result

    return convert


def exception_faults() -> Iterator[str]:
    """Yield corrections of traditional Chinese that correct nothing or break a placeholder."""
    texts = {entry.msgid: translation(entry) for app in apps([]) for entry in load(app).values()}
    kept = [path.read_text(encoding="utf-8") for path in PACKAGE.glob("*/data/**/*.yaml")]
    everything = OpenCC("s2twp").convert("\n".join([*texts.values(), *kept]))
    for word in exceptions()["words"]:
        if word not in everything:
            yield f"{EXCEPTIONS.name}: the word {word!r} no longer occurs"
    for msgid, text in exceptions()["messages"].items():
        if msgid not in texts:
            yield f"{EXCEPTIONS.name}: the message {msgid!r} no longer exists"
        elif placeholders(text) != placeholders(texts[msgid]):
            yield f"{EXCEPTIONS.name}: the message {msgid!r} has other placeholders"


def contradictions() -> Iterator[str]:
    """Yield messages that two apps translate differently: Django keeps one of them for both."""
    held: dict[Key, dict[str, list[str]]] = {}
    for app in apps([]):
        for key, entry in load(app).items():
            if translation(entry):
                held.setdefault(key, {}).setdefault(translation(entry), []).append(app.name)
    for key, versions in held.items():
        if len(versions) > 1:
            told = "; ".join(f"{text} ({', '.join(names)})" for text, names in versions.items())
            yield f"{key[1]!r} is translated in two ways, give one a context: {told}"


def compile_all() -> None:
    """Write the binary catalogues of every app for both Chinese scripts."""
    convert = traditional()
    for app in apps([]):
        if not po_path(app).is_file():
            continue
        catalogue = polib.pofile(str(po_path(app)))
        _save(catalogue, po_path(app).with_suffix(".mo"))
        for entry in catalogue:
            if entry.msgid_plural:
                entry.msgstr_plural = {0: convert(entry.msgid, translation(entry))}
            else:
                entry.msgstr = convert(entry.msgid, entry.msgstr)
        catalogue.metadata["Language"] = "zh_Hant"
        _save(catalogue, app / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.mo")


def _save(catalogue: polib.POFile, path: Path) -> None:
    """Write through a neighbour, so that a running server never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".mo.new")
    catalogue.save_as_mofile(str(new))
    new.replace(path)


def main(arguments: list[str]) -> int:
    """Run one command; return the exit status."""
    command, names = (arguments[0] if arguments else ""), arguments[1:]
    if command == "update":
        for app in apps(names):
            update(app)
        return 0
    if command == "check":
        wrong = [fault for app in apps(names) for fault in faults(app)]
        wrong += [] if names else [*exception_faults(), *contradictions()]
        print("\n".join(wrong) if wrong else "translations are complete")
        return 1 if wrong else 0
    if command == "compile":
        compile_all()
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
