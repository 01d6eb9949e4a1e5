"""What a browser says about itself, in plain words: ``Chrome · Windows``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Marks: TypeAlias = "Sequence[tuple[str, str | _StrPromise]]"

# Browsers name those they descend from as well, so the first mark that is found decides.
BROWSERS: Marks = (
    ("wxwork/", gettext_lazy("WeCom")),
    ("MicroMessenger/", gettext_lazy("WeChat")),
    ("DingTalk/", gettext_lazy("DingTalk")),
    ("Lark/", gettext_lazy("Feishu")),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("QQBrowser/", "QQ Browser"),
    ("UCBrowser/", "UC Browser"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("MiuiBrowser/", "Mi Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Marks = (
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
HAND_HELD = ("Mobile", "Android", "iPhone", "iPad", "OpenHarmony", "HarmonyOS")


def device_words(user_agent: str) -> str:
    """Return browser and system; what names neither is a device we do not know."""
    found = [next((str(words) for mark, words in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or _("Unknown device")


def is_hand_held(user_agent: str) -> bool:
    """Say whether it is a telephone or tablet."""
    return any(mark in user_agent for mark in HAND_HELD)
