"""What capabilities above put into the shell: navigation, tools of the top bar, panels of composed pages.

They call these functions in ``AppConfig.ready()``; nothing here imports them. Registering a key again replaces it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

Text = str | Promise
"""Words shown to people: a string or a lazy translation."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One destination of the rail.

    Attributes:
        key: Names it; a page says ``{% set nav = "customers" %}`` to be shown as current. Without that the item whose
            key equals the URL namespace is current.
        label: Two characters in Chinese.
        icon: Name of a Tabler icon, listed in ``web/icons.txt``.
        url_name: Reversed without arguments.
        permission: Verb the user must be allowed somewhere, or ``None`` for everybody signed in.
        tab: Place in the phone's tab bar: 1, 2 or 3; 0 puts it under "more".
    """

    key: str
    label: Text
    icon: str
    url_name: str
    order: int = 100
    permission: str | None = None
    tab: int = 0


@dataclass(frozen=True, slots=True)
class QuickAdd:
    """One kind of record that can be begun from anywhere (the phone's ＋, Ctrl-K)."""

    key: str
    label: Text
    icon: str
    url_name: str
    order: int = 100
    permission: str | None = None
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the user's menu; ``post`` makes it a button of a small form (sign out)."""

    key: str
    label: Text
    icon: str
    url_name: str
    order: int = 100
    permission: str | None = None
    post: bool = False


@dataclass(frozen=True, slots=True)
class TopTool:
    """A tool of the top bar as it stands for one request, e.g. the bell with its unread count."""

    label: Text
    icon: str
    url: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class UserDisplay:
    """How the signed-in user is shown."""

    name: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """The company whose installation this is; ``logo_url`` replaces the product's mark."""

    name: str = ""
    logo_url: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page that another capability composes.

    Attributes:
        slot: Where: ``"opportunity.side"``, ``"customer.main"`` …
        order: Ascending; equal orders stand in the order of registration.
        permission: Verb the user must be allowed on the subject, or ``None``.
        render: Takes the request and the subject; returns HTML, or "" to show nothing.
    """

    slot: str
    order: int
    permission: str | None
    render: Callable[[HttpRequest, Any], str]


PermissionChecker = Callable[[Any, str], bool]


@dataclass(slots=True)
class _Registered:
    nav: dict[str, NavItem] = field(default_factory=dict)
    quick: dict[str, QuickAdd] = field(default_factory=dict)
    menu: dict[str, MenuItem] = field(default_factory=dict)
    top: list[Callable[[HttpRequest], TopTool | None]] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    permission_checker: PermissionChecker | None = None
    subject_checker: Callable[[Any, str, Any], bool] | None = None
    user_display: Callable[[Any], UserDisplay] | None = None
    brand: Callable[[HttpRequest], Brand] | None = None
    search_url_name: str = ""


_registered = _Registered()


def register_nav(item: NavItem) -> None:
    """Add a destination to the rail."""
    _registered.nav[item.key] = item


def register_quick_add(item: QuickAdd) -> None:
    """Add a kind of record to "note something"."""
    _registered.quick[item.key] = item


def register_menu(item: MenuItem) -> None:
    """Add a line to the user's menu."""
    _registered.menu[item.key] = item


def register_top(tool: Callable[[HttpRequest], TopTool | None]) -> None:
    """Add a tool to the top bar; the callable is asked once per full page."""
    if tool not in _registered.top:
        _registered.top.append(tool)


def register_panel(panel: Panel) -> None:
    """Add a panel to a slot."""
    if panel not in _registered.panels:
        _registered.panels.append(panel)


def register_search(url_name: str) -> None:
    """Name the search page: it takes ``q`` and answers htmx with a list of links."""
    _registered.search_url_name = url_name


def set_permission_checker(
    checker: PermissionChecker, subject_checker: Callable[[Any, str, Any], bool] | None = None
) -> None:
    """Say how ``permission`` is decided: ``checker(user, verb)``, and for panels ``subject_checker(user, verb, subject)``.

    Until then every item with a permission stays hidden.
    """
    _registered.permission_checker = checker
    _registered.subject_checker = subject_checker


def set_user_display(display: Callable[[Any], UserDisplay]) -> None:
    """Say how the signed-in user is shown."""
    _registered.user_display = display


def set_brand(brand: Callable[[HttpRequest], Brand]) -> None:
    """Say whose installation this is; asked once per full page."""
    _registered.brand = brand


def allowed(user: Any, permission: str | None, subject: Any = None) -> bool:
    """Tell whether a user may see what asks for ``permission``."""
    if permission is None:
        return True
    if subject is not None and _registered.subject_checker is not None:
        return _registered.subject_checker(user, permission, subject)
    return _registered.permission_checker is not None and _registered.permission_checker(user, permission)


def nav_items(user: Any) -> list[NavItem]:
    """Return the destinations a user may go to, in order."""
    found = [item for item in _registered.nav.values() if allowed(user, item.permission)]
    return sorted(found, key=lambda item: (item.order, item.key))


def quick_adds(user: Any) -> list[QuickAdd]:
    """Return what a user may begin from anywhere, in order."""
    found = [item for item in _registered.quick.values() if allowed(user, item.permission)]
    return sorted(found, key=lambda item: (item.order, item.key))


def menu_items(user: Any) -> list[MenuItem]:
    """Return the lines of a user's menu, in order."""
    found = [item for item in _registered.menu.values() if allowed(user, item.permission)]
    return sorted(found, key=lambda item: (item.order, item.key))


def top_tools(request: HttpRequest) -> list[TopTool]:
    """Return the tools of the top bar for one request."""
    return [tool for ask in _registered.top if (tool := ask(request)) is not None]


def panels(slot: str, request: HttpRequest, subject: Any) -> list[str]:
    """Render the panels of a slot that this user may see, in order; silent ones are left out."""
    user = getattr(request, "user", None)
    found = [panel for panel in _registered.panels if panel.slot == slot and allowed(user, panel.permission, subject)]
    rendered = (panel.render(request, subject) for panel in sorted(found, key=lambda panel: panel.order))
    return [html for html in rendered if html]


def panel_slots() -> set[str]:
    """Return the slots for which somebody registered a panel."""
    return {panel.slot for panel in _registered.panels}


def user_display(user: Any) -> UserDisplay:
    """Return how a user is shown."""
    if _registered.user_display is not None:
        return _registered.user_display(user)
    return UserDisplay(name=str(user))


def brand(request: HttpRequest) -> Brand:
    """Return whose installation this is."""
    return Brand() if _registered.brand is None else _registered.brand(request)


def search_url_name() -> str:
    """Return the name of the search page, "" while no capability offers one."""
    return _registered.search_url_name
