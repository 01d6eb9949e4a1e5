"""Forms of the buyer's track: its stages, what marks them, what throws the buyer back, what proposes an outcome."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.forms import offer
from duobiao.playbooks.domain.model import BUYER_STAGES, Outcome
from duobiao.playbooks.forms.frame import SHORT, PartForm, key_field, text_initial, words_field
from duobiao.playbooks.forms.rows import methods_field
from duobiao.playbooks.queries.item_words import OUTCOMES

Choices = Sequence[tuple[Any, Any]]


class BuyerStageForm(PartForm):
    """A stage of the buyer: names, and who acts in it."""

    key = key_field(pgettext_lazy("playbook", "Key"), _("Our stages name the buyer's stages they cover by it"))
    title_zh = words_field(_("Name in Chinese"), most=120)
    title_en = words_field(_("Name in English"), most=120)
    short_zh = words_field(_("Short name in Chinese"), most=SHORT)
    short_en = words_field(_("Short name in English"), most=SHORT)
    owner_zh = words_field(_("Who acts at the buyer's, in Chinese"), most=SHORT)
    owner_en = words_field(_("Who acts at the buyer's, in English"), most=SHORT)

    @staticmethod
    def initial_of(stage: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows of a stage."""
        return {"key": stage.get("key", ""), **text_initial(stage, "title", "short", "owner")}

    def values(self) -> dict[str, Any]:
        """Return the fields of the stage."""
        names = ("title", "short", "owner")
        return {"key": self.cleaned_data["key"], **{name: self.text(name) for name in names}}


class TrackRowForm(PartForm):
    """An entry of the buyer's track: one kind of evidence, and what it means."""

    evidence = forms.ChoiceField(
        label=_("Evidence"), error_messages={"required": _("Choose the evidence that the buyer shows.")}
    )

    def __init__(self, *args: Any, evidence: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "evidence", [("", _("none")), *evidence])

    @staticmethod
    def initial_of(row: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows of an entry."""
        return dict(row)

    def row(self) -> dict[str, Any]:
        """Return the entry."""
        return {"evidence": self.cleaned_data["evidence"]}


class MarkForm(TrackRowForm):
    """What shows that the buyer has reached a stage."""

    methods = methods_field(_("Marks the stage only under"))

    def row(self) -> dict[str, Any]:
        """Return the mark."""
        methods = self.cleaned_data["methods"]
        return {**super().row(), "methods": methods} if methods else super().row()


class ResetForm(TrackRowForm):
    """What throws the buyer back, and how far."""

    to = forms.TypedChoiceField(
        label=_("The buyer falls back to"),
        choices=[(0, _("before the first stage")), *((n, str(n)) for n in range(1, BUYER_STAGES + 1))],
        coerce=int,
    )
    closes = forms.BooleanField(
        label=_("Ends the purchase"), required=False, help_text=_("The deal is asked to be closed then")
    )

    def __init__(self, *args: Any, stages: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(stages)
        choices = [(n, names.get(n, str(n))) for n in range(1, BUYER_STAGES + 1)]
        offer(self, "to", [("0", _("before the first stage")), *((str(n), words) for n, words in choices)])

    def row(self) -> dict[str, Any]:
        """Return the reset."""
        held = self.cleaned_data
        found = {**super().row(), "to": held["to"]}
        return {**found, "closes": True} if held["closes"] else found


class ProposalForm(TrackRowForm):
    """What proposes how the deal ended; a person decides."""

    proposes = forms.ChoiceField(
        label=_("Proposed outcome"),
        choices=[(outcome.value, OUTCOMES[outcome]) for outcome in Outcome if outcome is not Outcome.OPEN],
        initial=Outcome.LOST.value,
    )

    def row(self) -> dict[str, Any]:
        """Return the proposal."""
        return {**super().row(), "proposes": self.cleaned_data["proposes"]}
