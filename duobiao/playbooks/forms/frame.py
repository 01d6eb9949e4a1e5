"""Forms of a draft as a whole, of its rates, and of a stage; all but keys may be left empty."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.forms import offer
from duobiao.playbooks.domain.model import Process
from duobiao.playbooks.domain.reading import LONGEST_NAME, LONGEST_TEXT
from duobiao.playbooks.domain.vocabulary import Origin, ProcessGates
from duobiao.playbooks.queries.item_words import PROCESS_GATES
from duobiao.playbooks.queries.process_words import PROCESSES

SHORT = 60


def words_field(label: Any, *, rows: int = 0, most: int = LONGEST_TEXT, help_text: Any = "") -> forms.CharField:
    """Return a field for words in one language."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=False, max_length=most, widget=widget, help_text=help_text)


def key_field(label: Any, help_text: Any = "") -> forms.CharField:
    """Return a field for a key, without which nothing finds the part again; what is no key is said at the check."""
    missing = {"required": _("Write a key: letters, figures, dots and hyphens.")}
    return forms.CharField(label=label, max_length=LONGEST_NAME, help_text=help_text, error_messages=missing)


class PartForm(forms.Form):
    """A form for a part of a draft.

    Attributes:
        version: The version of the draft that is changed.
    """

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def text(self, name: str) -> dict[str, str]:
        """Return words in both languages."""
        return {"zh-Hans": self.cleaned_data[f"{name}_zh"], "en": self.cleaned_data[f"{name}_en"]}

    def text_or_none(self, name: str) -> dict[str, str] | None:
        """Return words in both languages, None where there are none."""
        found = self.text(name)
        return found if any(found.values()) else None


def text_initial(part: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return the words of a part as its form shows them."""
    found: dict[str, Any] = {}
    for name in names:
        text = part.get(name) or {}
        found |= {f"{name}_zh": text.get("zh-Hans", ""), f"{name}_en": text.get("en", "")}
    return found


class FrameForm(PartForm):
    """Name and use of the whole playbook."""

    title_zh = words_field(_("Name in Chinese"), most=120)
    title_en = words_field(_("Name in English"), most=120)
    summary_zh = words_field(_("When to use it, in Chinese"), rows=2)
    summary_en = words_field(_("When to use it, in English"), rows=2)
    process = forms.ChoiceField(label=_("Process"), choices=[(kind.value, PROCESSES[kind]) for kind in Process])
    process_gates = forms.ChoiceField(
        label=_("Process conditions that gate the completion of a stage"),
        choices=[(kind.value, PROCESS_GATES[kind]) for kind in ProcessGates],
        widget=forms.RadioSelect,
    )

    @staticmethod
    def initial_of(document: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows of a document."""
        return {
            **text_initial(document, "title", "summary"),
            "process": document.get("process", Process.PROJECT.value),
            "process_gates": document.get("process_gates", ""),
        }

    def values(self) -> dict[str, Any]:
        """Return the fields of the document."""
        held = self.cleaned_data
        return {
            "title": self.text("title"),
            "summary": self.text_or_none("summary"),
            "process": held["process"] if held["process"] != Process.PROJECT else None,
            "process_gates": held["process_gates"],
        }


class RatesForm(PartForm):
    """The rate before the first stage and after each."""

    def __init__(
        self, given: QueryDict | None = None, *, rates: Sequence[int], stages: Sequence[str], initial: dict[str, Any]
    ) -> None:
        super().__init__(given, initial=initial)
        for place in range(len(stages) + 1):
            label = _now("Before stage 1") if not place else f"{place} {stages[place - 1]}"
            self.fields[f"rate_{place}"] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=100,
                initial=rates[place] if place < len(rates) else None,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def rows(self) -> list[forms.BoundField]:
        """The fields of the rates."""
        return [self[name] for name in self.fields if name.startswith("rate_")]

    def values(self) -> list[int]:
        """Return the rates."""
        return [value for name, value in self.cleaned_data.items() if name.startswith("rate_")]


class StageForm(PartForm):
    """A stage: names, purpose, the buyer's stages it goes with, role and focus."""

    key = key_field(
        pgettext_lazy("playbook", "Key"), _("Letters, figures, hyphens; a comparison finds the stage by it")
    )
    title_zh = words_field(_("Name in Chinese"), most=120)
    title_en = words_field(_("Name in English"), most=120)
    short_zh = words_field(_("Short name in Chinese"), most=SHORT)
    short_en = words_field(_("Short name in English"), most=SHORT)
    purpose_zh = words_field(_("Purpose in Chinese"), rows=3)
    purpose_en = words_field(_("Purpose in English"), rows=3)
    first = forms.ChoiceField(label=_("First buyer stage covered"), required=False)
    last = forms.ChoiceField(label=_("Last buyer stage covered"), required=False)
    role_zh = words_field(_("Seller's role in Chinese"), most=SHORT)
    role_en = words_field(_("Seller's role in English"), most=SHORT)
    attention_zh = words_field(_("Focus in Chinese"), rows=2)
    attention_en = words_field(_("Focus in English"), rows=2)

    def __init__(self, *args: Any, buyers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *buyers]
        offer(self, "first", choices)
        offer(self, "last", choices)

    @staticmethod
    def initial_of(stage: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows of a stage."""
        ends = stage.get("buyer_stages") or [stage.get("buyer_stage", "")]
        focus = stage.get("focus") or {}
        return {
            "key": stage.get("key", ""),
            **text_initial(stage, "title", "short", "purpose"),
            **text_initial(focus, "role", "attention"),
            "first": ends[0],
            "last": ends[-1],
        }

    def values(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of the stage.

        Args:
            before: The stage as it is, which keeps where it came from unless something changes.
        """
        held = self.cleaned_data
        first, last = held["first"] or held["last"], held["last"] or held["first"]
        role, attention = self.text("role"), self.text("attention")
        has_focus = any(role.values()) or any(attention.values())
        focus = {"role": role, "attention": attention, "origin": Origin.INFERRED.value}
        old = before.get("focus") or {}
        if old and {**old, "origin": ""} == {**focus, "origin": ""}:
            focus = dict(old)
        found = {
            "key": held["key"],
            "title": self.text("title"),
            "short": self.text("short"),
            "purpose": self.text("purpose"),
            "buyer_stage": first if first == last else None,
            "buyer_stages": [first, last] if first != last else None,
            "focus": focus if has_focus else None,
        }
        same = all(before.get(name) == found[name] for name in ("title", "short", "purpose"))
        return found if same else {**found, "origin": Origin.INFERRED.value}
