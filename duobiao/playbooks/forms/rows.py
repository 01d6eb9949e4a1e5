"""Forms of the entries of a stage: items with what proves them, control points, lines without evidence."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.forms import offer
from duobiao.playbooks.domain.checks import GROUP_OF
from duobiao.playbooks.domain.model import KNOWN_METHODS, Gate, Grade, Until
from duobiao.playbooks.domain.parse import LONGEST_VALIDITY
from duobiao.playbooks.domain.shape import GROUP_NAMES, MOST_WEIGHT
from duobiao.playbooks.domain.vocabulary import Approver, Origin
from duobiao.playbooks.forms.frame import PartForm, key_field, text_initial, words_field
from duobiao.playbooks.queries.item_words import APPROVERS, GATES, GRADES, KINDS, METHODS

MOST_ACCEPTS = 12
DAYS, NEVER = "DAYS", "NEVER"
HOLDS = [
    (NEVER, _("does not expire")),
    (DAYS, _("holds a number of days")),
    (Until.PROOF.value, _("holds until the day it names")),
    (Until.YEAR_END.value, _("holds until the end of the budget year")),
]
Choices = Sequence[tuple[Any, Any]]


def methods_field(label: Any) -> forms.MultipleChoiceField:
    """Return a field for purchase methods; none chosen means all."""
    return forms.MultipleChoiceField(
        label=label,
        choices=[(method.value, METHODS[method.value]) for method in KNOWN_METHODS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class AcceptForm(forms.Form):
    """One kind of evidence that suffices for an item."""

    use_required_attribute = False

    evidence = forms.ChoiceField(label=_("Evidence"), required=False)
    min_grade = forms.ChoiceField(
        label=_("Least grade"), choices=[(grade.name, GRADES[grade]) for grade in Grade], initial=Grade.DOCUMENTED.name
    )
    holds = forms.ChoiceField(label=_("Validity"), choices=HOLDS, initial=NEVER)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=LONGEST_VALIDITY, required=False)
    methods = methods_field(_("Suffices only under"))
    remove = forms.BooleanField(label=_("Take this evidence out"), required=False)

    def __init__(self, *args: Any, evidence: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "evidence", [("", _("none")), *evidence])

    def clean(self) -> dict[str, Any]:
        """Ask for the number of days where days are counted."""
        held = dict(super().clean() or self.cleaned_data)
        if held.get("holds") == DAYS and not held.get("days") and not self.errors.get("days"):
            self.add_error("days", _("Write a number of days."))
        return held

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen, or the evidence is to go."""
        return bool(self.cleaned_data.get("remove")) or not self.cleaned_data.get("evidence")

    @staticmethod
    def initial_of(proof: Mapping[str, Any], *, own_methods: bool) -> dict[str, Any]:
        """Return what the form shows of one way of proving an item."""
        until = proof.get("valid_until")
        return {
            "evidence": proof.get("evidence", ""),
            "min_grade": proof.get("min_grade", ""),
            "holds": until or (DAYS if "valid_days" in proof else NEVER),
            "days": proof.get("valid_days"),
            "methods": proof.get("methods", []) if own_methods else [],
        }

    def proof(self) -> dict[str, Any]:
        """Return one way of proving an item."""
        held = self.cleaned_data
        found: dict[str, Any] = {"evidence": held["evidence"], "min_grade": held["min_grade"]}
        if held["holds"] == DAYS:
            found["valid_days"] = held["days"]
        elif held["holds"] != NEVER:
            found["valid_until"] = held["holds"]
        if held["methods"]:
            found["methods"] = held["methods"]
        return found


class ItemForm(PartForm):
    """An item: its kind, its names, whether it gates, for which purchases it applies."""

    key = key_field(pgettext_lazy("playbook", "Key"), _("Such as 4.S1; proofs and waivers find the item by it"))
    group = forms.ChoiceField(label=_("Kind"), choices=[(GROUP_OF[kind], words) for kind, words in KINDS.items()])
    title_zh = words_field(_("Name in Chinese"), rows=2)
    title_en = words_field(_("Name in English"), rows=2)
    gates = forms.BooleanField(
        label=_("Gates the completion of its stage"), required=False,
        help_text=_("Only of process conditions; milestones and success standards always do"),
    )  # fmt: skip
    methods = methods_field(_("Applies only under"))

    @staticmethod
    def initial_of(item: Mapping[str, Any], group: str) -> dict[str, Any]:
        """Return what the form shows of an item."""
        return {
            "key": item.get("item", ""),
            "group": group,
            **text_initial(item, "title"),
            "gates": item.get("gates", False),
            "methods": item.get("methods", []),
        }

    def row(self, proofs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return the item; one way of proving it without methods of its own is written short."""
        held = self.cleaned_data
        found: dict[str, Any] = {"item": held["key"], "title": self.text("title")}
        short = len(proofs) == 1 and "methods" not in proofs[0]
        found |= dict(proofs[0]) if short else {"accepts": [dict(proof) for proof in proofs]}
        if held["methods"]:
            found["methods"] = held["methods"]
        if held["group"] == GROUP_NAMES[2] and held["gates"]:
            found["gates"] = True
        return found


def accept_forms(given: QueryDict | None, item: Mapping[str, Any], evidence: Choices) -> list[AcceptForm]:
    """Return a form for each way of proving an item, and an empty one."""
    if given is not None:
        sent = given.get("accepts", "")
        count = min(int(sent), MOST_ACCEPTS) if sent.isdecimal() and len(sent) < 3 else 0
        return [AcceptForm(given, evidence=evidence, prefix=f"a{number}") for number in range(count)]
    several = "accepts" in item
    proofs = item["accepts"] if several else [item] if "evidence" in item else []
    initials = [AcceptForm.initial_of(proof, own_methods=several) for proof in proofs]
    return [
        AcceptForm(initial=initial, evidence=evidence, prefix=f"a{number}")
        for number, initial in enumerate([*initials, {}][:MOST_ACCEPTS])
    ]


class PointForm(PartForm):
    """A control point: which review, what it proves, who at least agrees, whether it may go."""

    key = key_field(pgettext_lazy("playbook", "Key"))
    title_zh = words_field(_("Name in Chinese"), most=120)
    title_en = words_field(_("Name in English"), most=120)
    kind = forms.ChoiceField(label=_("Review"), choices=[(gate.value, GATES[gate]) for gate in Gate])
    item = forms.ChoiceField(label=_("Item that a passed review proves"), required=False)
    approver = forms.ChoiceField(
        label=_("Who at least agrees"), choices=[(who.value, APPROVERS[who]) for who in Approver],
        widget=forms.RadioSelect,
    )  # fmt: skip
    fixed = forms.BooleanField(
        label=_("Fixed"), required=False,
        help_text=_("Once published, no later version may remove it or let somebody lower agree"),
    )  # fmt: skip

    def __init__(self, *args: Any, items: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "item", [("", _("none")), *items])

    @staticmethod
    def initial_of(point: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows of a control point."""
        return {
            "key": point.get("key", ""),
            **text_initial(point, "title"),
            "kind": point.get("kind", Gate.ATI.value),
            "item": point.get("item", ""),
            "approver": point.get("approver", Approver.MANAGER.value),
            "fixed": point.get("fixed", True),
        }

    def row(self) -> dict[str, Any]:
        """Return the control point."""
        held = self.cleaned_data
        found = {"key": held["key"], "title": self.text("title"), "kind": held["kind"]}
        if held["item"]:
            found["item"] = held["item"]
        if held["approver"] != Approver.MANAGER:
            found["approver"] = held["approver"]
        return found if held["fixed"] else {**found, "fixed": False}


class LineForm(PartForm):
    """A line of the appraisal, of the tools or of the work; only the appraisal weighs its lines."""

    key = key_field(pgettext_lazy("playbook", "Key"))
    title_zh = words_field(_("Name in Chinese"), rows=2)
    title_en = words_field(_("Name in English"), rows=2)
    weight = forms.IntegerField(
        label=_("Weight"), min_value=1, max_value=MOST_WEIGHT, required=False,
        help_text=_("Its share is this weight over the sum of its stage; empty counts as 1"),
    )  # fmt: skip

    def __init__(self, *args: Any, weighed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not weighed:
            del self.fields["weight"]

    @staticmethod
    def initial_of(line: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows of a line."""
        return {"key": line.get("key", ""), **text_initial(line, "title"), "weight": line.get("weight")}

    def row(self) -> dict[str, Any]:
        """Return the line."""
        held = self.cleaned_data
        found = {"key": held["key"], "title": self.text("title")}
        return {**found, "weight": held["weight"]} if held.get("weight") else found


def with_origin(row: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Keep where an entry came from while it says the same; what a company writes is its own proposal."""
    told = {name: value for name, value in before.items() if name != "origin"}
    origin = before.get("origin", Origin.INFERRED.value) if told == row else Origin.INFERRED.value
    return {**row, "origin": origin}
