"""The forms around the minutes of a visit: what is sent to whom, and what came back in another way."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from duobiao.customers.models import Contact
from duobiao.engagement.actions.confirm_minutes import LONGEST_PART
from duobiao.engagement.domain.minutes import Part
from duobiao.engagement.forms.parts import DayField, line, offer, person_label, some_of, text
from duobiao.engagement.queries.minutes import TITLES
from duobiao.opportunities.actions.open_confirmation import USUAL_DAYS
from duobiao.opportunities.forms.proofs import MultipleFileField
from duobiao.opportunities.models import Channel, Way

DAYS = (3, 7, USUAL_DAYS, 30)


class _Confirming(forms.Form):
    """Asks which of the people concerned confirms."""

    contact = forms.ChoiceField(label=_("Who confirms?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, contacts: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {contact.ref: contact for contact in contacts}
        offer(self, "contact", [(ref, person_label(contact)) for ref, contact in self.people.items()])

    @property
    def person(self) -> Contact:
        """Return who confirms."""
        return self.people[self.cleaned_data["contact"]]


class MinutesForm(_Confirming):
    """The minutes as they go to the customer; a part that is emptied is left out."""

    days = forms.TypedChoiceField(
        label=_("The link works for"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[(days, ngettext_lazy("%(n)d day", "%(n)d days", days) % {"n": days}) for days in DAYS],
    )
    send_mail = forms.BooleanField(label=_("Mail the link to them"), required=False)

    def __init__(self, *args: Any, draft: Mapping[Part, str], **kwargs: Any) -> None:
        initial = {"days": USUAL_DAYS, **{str(part): words for part, words in draft.items()}, **kwargs.pop("initial")}
        super().__init__(*args, initial=initial, **kwargs)
        for part in Part:
            if part in draft or part is Part.NEXT:
                self.fields[str(part)] = text(str(TITLES[part]), LONGEST_PART, rows=3)

    @property
    def sections(self) -> list[forms.BoundField]:
        """The fields of the text, in their order."""
        return [self[str(part)] for part in Part if str(part) in self.fields]

    @property
    def parts(self) -> dict[str, str]:
        """Return the text by part."""
        return {name: self.cleaned_data[name] for name in map(str, Part) if name in self.fields}


class OtherWayForm(_Confirming):
    """A confirmation by paper, mail, chat or platform."""

    way = forms.ChoiceField(
        label=_("By what did they confirm?"),
        widget=forms.RadioSelect,
        choices=[choice for choice in Way.choices if choice[0] != Way.LINK],
    )
    confirmed_on = DayField(label=_("Day"))
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("as usual for this")), *Channel.choices]
    )
    covers = some_of(_("What does it confirm?"), ())
    uploads = MultipleFileField(
        label=_("Files"), required=False, help_text=_("A scan, a screenshot or the mail itself")
    )
    documents = forms.MultipleChoiceField(
        label=_("Files already sent"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remark = line(_("Remark of the customer"), 2000)

    def __init__(
        self, *args: Any, draft: Mapping[Part, str], documents: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "covers", [(str(part), str(TITLES[part])) for part in draft])
        offer(self, "documents", documents)
