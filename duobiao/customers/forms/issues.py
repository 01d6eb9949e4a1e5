"""The forms of an issue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact, Customer, Issue, Severity
from duobiao.customers.queries.issues import issue_people, severity_choices
from duobiao.identity.models import User


class IssueForm(forms.Form):
    """What it is about, how severe, who solves it."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    title = forms.CharField(label=_("What it is about"), max_length=200)
    severity = forms.ChoiceField(label=_("Severity"), widget=forms.RadioSelect, initial=Severity.NORMAL)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who solves it"), to_field_name="ref", empty_label=None)
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Raised by"), to_field_name="ref", required=False, empty_label="–"
    )
    detail = forms.CharField(
        label=_("Details"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, customer: Customer, actor: User, issue: Issue | None = None) -> None:
        initial: dict[str, Any] = {"owner": customer.owner.ref}
        if issue is not None:
            initial = {name: getattr(issue, name) for name in ("version", "title", "severity", "detail")}
            initial |= {"owner": issue.owner.ref, "contact": issue.contact.ref if issue.contact is not None else None}
        super().__init__(data, initial=initial)
        severity, owner, contact = self.fields["severity"], self.fields["owner"], self.fields["contact"]
        if isinstance(severity, forms.ChoiceField):
            severity.choices = severity_choices()
        if isinstance(owner, forms.ModelChoiceField):
            people = issue_people(customer, actor)
            owner.queryset = people | User.objects.filter(pk=issue.owner_id).distinct() if issue else people
        if isinstance(contact, forms.ModelChoiceField):
            here = Contact.objects.live().filter(customer=customer)
            contact.queryset = here.order_by("name", "pk")

    def values(self) -> dict[str, Any]:
        """Return what the actions take, the version apart."""
        return {name: self.cleaned_data[name] for name in ("title", "severity", "owner", "contact", "detail")}


class SolutionForm(forms.Form):
    """What solved it."""

    solution = forms.CharField(label=_("Solution"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
