"""The Jinja environment of all pages: escaping, strict names, translations, formats, icons."""

import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2.runtime import Macro
from markupsafe import Markup

from duobiao.web import fields, formats, registry

SPRITE = "vendor/tabler/sprite.svg"


@lru_cache
def sprite_url(path: str = SPRITE) -> str:
    """Return the address of the icon sprite; its name changes with its content."""
    return static(path)


@lru_cache(maxsize=1024)
def _decoration(name: str, size: str) -> Markup:
    css = f"icon {size}" if size else "icon"
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#tabler-{}"/></svg>').format(css, sprite_url(), name)


def icon(name: str, size: str = "", label: object = "") -> Markup:
    """Draw a Tabler icon.

    Args:
        name: As on tabler.io, listed in ``web/icons.txt``.
        size: "" 18 px, "s" 14 px, "l" 22 px.
        label: Words for people who do not see it; without them the icon is decoration.
    """
    drawn = _decoration(name, size)
    if not label:
        return drawn
    return Markup('<span role="img" aria-label="{}">{}</span>').format(label, drawn)


def url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a page by its name."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


_remembered: dict[tuple[Any, ...], str] = {}
REMEMBERED_AT_MOST = 4096


def remembered(macro: Macro, *args: object) -> str:
    """Draw a component that rows repeat, once per language and arguments: ``{{ ui.lag_badge | remembered(verdict, lag) }}``.

    Only for macros whose outcome follows from their arguments, which must be plain values of few variants.
    """
    key = (macro._func.__code__, translation.get_language(), *args)
    drawn = _remembered.get(key)
    if drawn is None:
        if len(_remembered) >= REMEMBERED_AT_MOST:
            _remembered.clear()
        drawn = _remembered[key] = macro(*args)
    return drawn


def form_token() -> Markup:
    """Return the hidden one-time field that makes a double submit act once; see ``web.forms.once``."""
    return Markup('<input type="hidden" name="form_token" value="{}">').format(secrets.token_urlsafe(24))


class Environment(jinja2.Environment):
    """Jinja's environment, with the method that its i18n extension adds."""

    install_gettext_callables: Callable[..., None]


def compiled_templates() -> jinja2.FileSystemBytecodeCache | None:
    """Return where compiled templates are kept from one start to the next; None where nothing can be written."""
    folder = Path(settings.TEMPLATE_CACHE)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return jinja2.FileSystemBytecodeCache(str(folder))


def environment(**options: Any) -> Environment:
    """Build the environment; Django passes its loader and autoescape."""
    options["undefined"] = jinja2.StrictUndefined
    options["extensions"] = ["jinja2.ext.i18n", *options.get("extensions", [])]
    env = Environment(trim_blocks=True, lstrip_blocks=True, bytecode_cache=compiled_templates(), **options)
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    env.filters.update(formats.FILTERS, remembered=remembered)
    env.globals.update(
        icon=icon,
        url=url,
        static=static,
        form_token=form_token,
        control=fields.control,
        panels=registry.panels,
    )
    return env
