"""Rules that every template of the tree keeps: strict CSP, only icons that exist."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2]
TEMPLATES = sorted(PACKAGE.glob("*/jinja2/**/*.html"))
SOURCES = [*TEMPLATES, *(path for path in sorted(PACKAGE.rglob("*.py")) if "tests" not in path.parts)]
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
INLINE_STYLE = re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"'](?:application/json|importmap))", re.IGNORECASE)
FOREIGN = re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"']https?:", re.IGNORECASE)
ICON_CALL = re.compile(r"\bicon\(\s*[\"']([a-z0-9-]+)[\"']")
ICON_ARGUMENT = re.compile(r"\bicon(?:_name)?=[\"']([a-z0-9-]+)[\"']")
NAV_ICON = re.compile(r"(?:NavItem|QuickAdd|MenuItem|TopTool)\([^)]*?icon=[\"']([a-z0-9-]+)[\"']", re.DOTALL)
LISTED = {
    line.strip()
    for line in (PACKAGE / "web" / "icons.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
}


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_templates_hold_no_inline_style_script_or_foreign_file(path):
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))

    for rule in (INLINE_STYLE, INLINE_HANDLER, INLINE_SCRIPT, FOREIGN):
        assert rule.findall(text) == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.name.startswith("_")], ids=_name)
def test_fragments_say_what_they_need_and_stand_alone(path):
    text = path.read_text(encoding="utf-8")

    assert text.lstrip().startswith("{#")
    assert "{% extends" not in text


def test_every_icon_used_is_listed():
    used = {
        name: _name(path)
        for path in SOURCES
        for rule in (ICON_CALL, ICON_ARGUMENT, NAV_ICON)
        for name in rule.findall(path.read_text(encoding="utf-8"))
    }

    assert {name: where for name, where in used.items() if name not in LISTED} == {}


def test_every_listed_icon_is_in_the_sprite():
    sprite = PACKAGE / "web" / "static" / "vendor" / "tabler" / "sprite.svg"
    assert sprite.is_file(), "run: python scripts/frontend.py"

    drawn = set(re.findall(r'id="tabler-([a-z0-9-]+)"', sprite.read_text(encoding="utf-8")))

    assert drawn == LISTED


def test_icons_are_listed_once_and_sorted():
    lines = (PACKAGE / "web" / "icons.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]

    assert names == sorted(set(names))
