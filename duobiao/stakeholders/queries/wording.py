"""Values of observations in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Stance
from duobiao.stakeholders.domain.judging import MODES, Mode, Topic

STANCE_SHORT: dict[int, Promise] = {  # for the cards of the picture, which are narrow
    2: _("champions"),
    1: _("supports"),
    0: _("neutral"),
    -1: _("opposes"),
    -2: _("fights us"),
}
MODE_WORDS: dict[Mode, Promise] = {
    Mode.GROWTH: _("wants to grow"),
    Mode.TROUBLE: _("in trouble"),
    Mode.EVEN_KEEL: _("content as it is"),
    Mode.OVERCONFIDENT: _("overconfident"),
}
ACCESS_WORDS: tuple[Promise, ...] = (
    _("no access"),
    _("through others"),
    _("on occasions"),
    _("at any time"),
)
INFLUENCE_WORDS: tuple[Promise, ...] = (
    pgettext_lazy("influence", "hardly any"),
    pgettext_lazy("influence", "little"),
    pgettext_lazy("influence", "some"),
    pgettext_lazy("influence", "great"),
    pgettext_lazy("influence", "decisive"),
)


def value_words(topic: Topic, value: int) -> str:
    """Say what a value of a topic means."""
    if topic is Topic.STANCE:
        return f"{Stance(value).label} ({value:+d})" if value else f"{Stance(0).label} (0)"
    if topic is Topic.MODE:
        return str(MODE_WORDS[MODES[value - 1]])
    if topic is Topic.ACCESS:
        return str(ACCESS_WORDS[value])
    if topic is Topic.INFLUENCE:
        return f"{INFLUENCE_WORDS[value - 1]} ({value})"
    return str(value)


def mode_value(mode: str) -> int:
    """Return the number under which a mode is kept; 0 for an unknown one."""
    return MODES.index(Mode(mode)) + 1 if mode in Mode.__members__ else 0


def value_out(topic: Topic, value: int) -> int | str:
    """Return a value as the API shows it: a mode by its name, everything else as a number."""
    return str(MODES[value - 1]) if topic is Topic.MODE else value
