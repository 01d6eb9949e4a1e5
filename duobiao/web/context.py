"""The context processor of the shell: what surrounds every page, worked out only when a template asks."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language

from duobiao.web import registry

THEME_COOKIE = settings.THEME_COOKIE_NAME
THEMES = ("light", "dark", "auto")
HTML_LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


def theme_of(request: HttpRequest) -> str:
    """Return the chosen theme; ``auto`` follows the device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


@dataclass(frozen=True, slots=True)
class Link:
    """A destination ready to be drawn."""

    key: str
    label: registry.Text
    icon: str
    url: str
    current: bool = False
    hint: registry.Text = ""
    post: bool = False


class Shell:
    """What a template may ask about its surroundings. Fragments ask nothing and pay nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        return bool(getattr(getattr(self._request, "user", None), "is_authenticated", False))

    @cached_property
    def theme(self) -> str:
        """``light``, ``dark`` or ``auto``."""
        return theme_of(self._request)

    @cached_property
    def language(self) -> str:
        """The language of the page as HTML wants it."""
        return HTML_LANGUAGES.get(get_language() or "en", "en")

    @cached_property
    def language_code(self) -> str:
        """The language of the page as Django names it."""
        return get_language() or "en"

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Code and own name of every language."""
        return list(settings.LANGUAGES)

    @property
    def here(self) -> str:
        """The address of this page, to come back to."""
        return self._request.get_full_path()

    @cached_property
    def user(self) -> registry.UserDisplay | None:
        """How the signed-in user is shown."""
        return registry.user_display(self._user) if self.signed_in else None

    @cached_property
    def brand(self) -> registry.Brand:
        """Whose installation this is."""
        return registry.brand(self._request)

    @cached_property
    def nav(self) -> list[Link]:
        """The destinations of the rail."""
        if not self.signed_in:
            return []
        namespace = getattr(self._request.resolver_match, "app_name", "")
        links = [_link(item, current=item.key == namespace) for item in registry.nav_items(self._user)]
        return [link for link in links if link]

    @cached_property
    def tabs(self) -> list[Link]:
        """The three destinations of the phone's tab bar."""
        chosen = sorted((item for item in registry.nav_items(self._user) if item.tab), key=lambda item: item.tab)
        by_key = {link.key: link for link in self.nav}
        return [by_key[item.key] for item in chosen[:3] if item.key in by_key]

    @cached_property
    def quick(self) -> list[Link]:
        """What may be begun from anywhere."""
        return [link for item in registry.quick_adds(self._user) if self.signed_in and (link := _link(item))]

    @cached_property
    def menu(self) -> list[Link]:
        """The lines of the user's menu."""
        return [link for item in registry.menu_items(self._user) if self.signed_in and (link := _link(item))]

    @cached_property
    def top(self) -> list[registry.TopTool]:
        """The tools of the top bar."""
        return registry.top_tools(self._request) if self.signed_in else []

    @cached_property
    def search_url(self) -> str:
        """The address of the search page, "" while there is none."""
        return _reverse(registry.search_url_name()) if registry.search_url_name() else ""

    @property
    def _user(self) -> Any:
        return getattr(self._request, "user", None)


def _reverse(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _link(item: registry.NavItem | registry.QuickAdd | registry.MenuItem, *, current: bool = False) -> Link | None:
    url = _reverse(item.url_name)
    if not url:
        return None
    hint = item.hint if isinstance(item, registry.QuickAdd) else ""
    post = isinstance(item, registry.MenuItem) and item.post
    return Link(item.key, item.label, item.icon, url, current=current, hint=hint, post=post)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``shell``."""
    return {"shell": Shell(request)}
