"""Choosing a colleague among many: words are typed, the people found are offered as radio buttons.

While somebody types, ``_people_options.html`` is fetched from an address of the capability that has the form. Without
JavaScript the form comes back with the people found.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from duobiao.identity.models import User, UserQuerySet
from duobiao.identity.queries import with_words
from duobiao.kernel.refusals import NotFound
from duobiao.web.http import render

MOST_OFFERED = 8
LONGEST_WORDS = 60
WORDS = "_words"
"""What the field of the words is called besides: ``person`` and ``person_words``."""


class Picked(NamedTuple):
    """What was sent: the reference of the person, and the words they were looked for by."""

    ref: str
    words: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The people found.

    Attributes:
        picked: Reference of the one that is marked, if any.
        more: Further people have these words.
        asked: Words were typed; without them everybody is offered, where they are few.
    """

    name: str
    anchor: str
    people: list[User]
    picked: str
    more: bool
    asked: bool


def _clean(words: str) -> str:
    return " ".join(words.replace("\x00", "").split())[:LONGEST_WORDS]


def _read(sent: Any, name: str) -> Picked:
    return Picked(str(sent.get(name, "")), _clean(str(sent.get(f"{name}{WORDS}", ""))))


class _PickInput(forms.Widget):
    """Reads both controls; the macro ``person_picker`` draws them."""

    use_fieldset = True

    def value_from_datadict(self, data: Any, files: MultiValueDict[str, Any], name: str) -> Picked:
        del files
        return _read(data, name)

    def value_omitted_from_data(self, data: Any, files: MultiValueDict[str, Any], name: str) -> bool:
        del files
        return name not in data and f"{name}{WORDS}" not in data


class PersonField(forms.ModelChoiceField[User]):
    """One colleague out of ``queryset``."""

    widget = _PickInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), to_field_name="ref", **kwargs)

    def people(self) -> UserQuerySet:
        """Return who may be chosen."""
        return cast("UserQuerySet", self.queryset)

    def to_python(self, value: Any) -> User | None:
        """Return the one picked, else the only one of the name that was typed.

        Raises:
            ValidationError: nobody, or several.
        """
        picked = value if isinstance(value, Picked) else Picked(str(value or ""), "")
        if picked.ref:
            found: User | None = super().to_python(picked.ref)
            return found
        if not picked.words:
            return None
        named = self.people().filter(Q(name__iexact=picked.words) | Q(username__iexact=picked.words))[:2]
        if len(named) == 1:
            return named[0]
        if with_words(self.people(), picked.words).exists():
            raise ValidationError(_("Pick one of the people found."))
        raise ValidationError(_("Nobody of this name can be chosen here."))

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> "PersonPick":
        """Return the field as the macro needs it."""
        return PersonPick(form, self, field_name)


class PersonPick(forms.BoundField):
    """A field with what is offered."""

    field: PersonField

    def picked(self) -> Picked:
        """Return what was sent, or the first value."""
        value = self.value()
        return value if isinstance(value, Picked) else Picked(str(value or ""), "")

    def offer(self) -> Offer:
        """Return the people to draw at first."""
        return people_offered(self.field.people(), self.picked(), name=self.html_name)


def people_offered(people: UserQuerySet, picked: Picked, *, name: str) -> Offer:
    """Find people by their words; the one picked stays among them."""
    rows = with_words(people, picked.words).select_related("unit").order_by("name", "pk")
    found = list(rows[: MOST_OFFERED + 1])
    more = len(found) > MOST_OFFERED
    shown = found[:MOST_OFFERED] if picked.words or not more else []
    if picked.ref and all(person.ref != picked.ref for person in shown):
        shown = [*people.filter(ref=picked.ref).select_related("unit"), *shown]
    mark = shown[0].ref if picked.words and len(shown) == 1 else picked.ref
    return Offer(name=name, anchor=f"{name}-people", people=shown, picked=mark, more=more, asked=bool(picked.words))


def offer_people(request: HttpRequest, form: forms.Form) -> HttpResponse:
    """Answer an address that offers people while their name is typed: ``?field=`` and what the form holds.

    Without ``?field=`` the first such field of the form is meant.

    Raises:
        NotFound: the form has no such field.
    """
    name = request.GET.get("field", "")
    bound = next((field for field in form if isinstance(field, PersonPick) and name in ("", field.html_name)), None)
    if bound is None:
        raise NotFound(_("There is no such field."))
    picked = _read(request.GET, bound.html_name)
    offer = people_offered(bound.field.people(), picked, name=bound.html_name)
    return render(request, "identity/_people_options.html", {"offer": offer})
