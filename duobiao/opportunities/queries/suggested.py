"""A suggestion as pages and the API show it, and the scene it is judged in."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from duobiao.opportunities.domain.ranking import Group, Part, Why, total
from duobiao.opportunities.models import Suggestion, SuggestionChoice, SuggestionKind
from duobiao.opportunities.queries.explain import Explained
from duobiao.opportunities.queries.surroundings import Around, Meeting
from duobiao.playbooks.domain.model import LagVerdict

FORGOTTEN = timedelta(days=30)
"""How long a meeting that nobody recorded is called to mind."""

GROUP_WORDS: dict[Group, object] = {
    Group.ENDED: gettext_lazy("the buyer has decided"),
    Group.OPENS: gettext_lazy("opens the gate or lifts the rate alone"),
    Group.GIVE_UP: gettext_lazy("coming too late"),
    Group.WEAK: gettext_lazy("there, but too weak or run out"),
    Group.EXPIRING: gettext_lazy("runs out soon"),
    Group.WAIVER_ENDS: gettext_lazy("a waiver ends soon"),
    Group.BUYER: gettext_lazy("buyer unknown"),
    Group.RISK: gettext_lazy("a risk stands"),
    Group.METHOD: gettext_lazy("purchase method unknown"),
    Group.REST: gettext_lazy("lacking at the gate"),
    Group.ADVICE: gettext_lazy("called for by other records"),
}


def point_words(part: Part, group: Group) -> str:
    """Say what points are given for."""
    if part.why is Why.GROUP:
        return str(GROUP_WORDS[group])
    if part.why is Why.RISK:
        return _("answers a risk")
    if part.why is Why.GAIN:
        return _("rate +%(n)d%%") % {"n": part.figure}
    if part.why is Why.STAGE:
        return _("item of stage %(n)d") % {"n": part.figure}
    words = {
        Why.LAG: ngettext("%(num)d stage behind", "%(num)d stages behind", part.figure),
        Why.EXPIRY: ngettext("%(num)d day left", "%(num)d days left", part.figure),
        Why.MEETING: ngettext("meeting in %(num)d day", "meeting in %(num)d days", part.figure),
    }
    return words[part.why] % {"num": part.figure}


@dataclass(frozen=True, slots=True)
class NextAction:
    """One thing to do.

    Attributes:
        why: Why it matters now; ``effect`` what it changes, worked out on the deal as it stands.
        tone: ``ok`` for a gain, ``lag`` for a danger averted.
        rank: Breaks ties of points: group, stage, order.
        key: Names it on its deal; ``items`` what it supplies, ``evidence`` the keys that would show it.
        parts: Where its points come from.
        facts: Digest of what it was judged by.
        aside: What a person decided about it, while that holds.
    """

    what: str
    why: str
    effect: str
    url: str
    label: str | Promise
    rank: tuple[int, int, int]
    kind: SuggestionKind
    key: str
    parts: tuple[Part, ...]
    dialog: bool = True
    tone: Literal["ok", "lag"] = "ok"
    items: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    facts: str = ""
    aside: Suggestion | None = None

    @property
    def score(self) -> int:
        """Points from 0 to 100, the sum of ``parts``."""
        return total(self.parts)

    @property
    def points(self) -> list[tuple[str, int]]:
        """Each part in words, with its points."""
        return [(point_words(part, Group(self.rank[0])), part.points) for part in self.parts]

    @property
    def hidden(self) -> bool:
        """Whether a person set it aside; what somebody says is done stays until a record shows it."""
        return self.aside is not None and self.aside.choice != SuggestionChoice.DONE


@dataclass(frozen=True, slots=True)
class Scene:
    """A deal with what stands around it."""

    explained: Explained
    around: Around

    @property
    def behind(self) -> int:
        """How many stages we are behind the buyer."""
        found = self.explained.assessment
        return max(0, found.lag or 0) if found.verdict is LagVerdict.CATCH_UP else 0

    @property
    def meeting(self) -> Meeting | None:
        """The next meeting, or one that waits to be recorded."""
        since = self.explained.on - FORGOTTEN
        return next((meeting for meeting in self.around.meetings if meeting.day >= since), None)

    def days_to(self, kind: SuggestionKind) -> int | None:
        """Return the days to the meeting at which a suggestion of a kind can be done or must be ready."""
        if self.meeting is None or kind in (SuggestionKind.CALL, SuggestionKind.RISK):
            return None
        return max(0, (self.meeting.day - self.explained.on).days)

    def risk(self, *rules: str) -> str:
        """Return the worst level of some standing risks."""
        levels = {row.level for row in self.around.signals if row.rule in rules}
        return "RED" if "RED" in levels else "AMBER" if levels else ""


def digest(*facts: object) -> str:
    """Return a short digest of what a suggestion was judged by."""
    return hashlib.sha256("|".join(str(fact) for fact in facts).encode()).hexdigest()[:16]
