"""Forms of what is observed, how far we came, and what changed; each can be taken back with a reason."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.customers.models import RelationCell
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.views.common import own_today
from duobiao.stakeholders.actions.change_personnel import Change, change_personnel
from duobiao.stakeholders.actions.observe import Sighting, observe, retract_observation
from duobiao.stakeholders.actions.record_relation import Reached, record_relation, retract_relation
from duobiao.stakeholders.actions.take import MAP, RELATED
from duobiao.stakeholders.forms.judging import ChangeForm, ObserveForm, ObserveMoreForm, ReasonForm, RelationForm
from duobiao.stakeholders.models import Observation, RelationRecord
from duobiao.stakeholders.views.common import answer, chain_url, day_in, others_on, person_url, writable
from duobiao.web.api import found_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def see(request: HttpRequest, ref: str) -> HttpResponse:
    """Note an observation: three taps for the stance, ``?more=1`` for every subject in figures.

    ``?quote=``, ``?source=`` and ``?on=`` begin with words of a record.
    """
    person = writable(request, ref)
    more = request.GET.get("more") == "1"
    given = request.POST if request.method == "POST" else None
    usual = {"people": others_on(person), "today": own_today(request)}
    subject = request.GET.get("subject", "STANCE")
    begun = {name: request.GET.get(name, "")[:longest] for name, longest in (("quote", 2000), ("source", 120))}
    form = (
        ObserveMoreForm(given, person=person, initial={"subject": subject, **begun}, **usual)
        if more
        else ObserveForm(given, initial=begun, **usual)
    )
    if (day := day_in(request.GET.get("on", ""))) is not None:
        form.fields["observed_on"].initial = min(day, own_today(request))

    def act() -> None:
        observe(person=person, seen=Sighting(**form.seen()), actor=actor_of(request), now=timezone.now())

    to = person_url(person)
    title = _("How %(name)s stands") % {"name": person.contact.name}
    context = {"deal": person.opportunity, "back": to, "person": person, "more": more, "title": title}
    return answer(request, form, act, to=to, fragment="observe", context=context, toast=_("Observation noted"))


@require_http_methods(["GET", "HEAD", "POST"])
def unsee(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an observation back."""
    rows = Observation.objects.visible_to(actor_of(request)).filter(retracted_at=None)
    related = [f"person__{name}" for name in RELATED]
    row = found_or_404(rows.select_related(*related).filter(ref=ref).first())
    require(actor_of(request), MAP, row.person.opportunity)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        reason = form.cleaned_data["reason"]
        retract_observation(observation=row, reason=reason, actor=actor_of(request), now=timezone.now())

    to = person_url(row.person)
    context = {"deal": row.person.opportunity, "back": to, "title": _("Retract the observation")}
    return answer(request, form, act, to=to, fragment="reason", context=context, toast=_("Retracted"))


@require_http_methods(["GET", "HEAD", "POST"])
def relate(request: HttpRequest, ref: str) -> HttpResponse:
    """Record how far we came with a person; ``?cell=`` begins with a cell."""
    person = writable(request, ref)
    cell = request.GET.get("cell", "")
    form = RelationForm(
        request.POST if request.method == "POST" else None,
        today=own_today(request),
        initial={"cell": cell if cell in RelationCell.values else RelationCell.COMPANY_NEED_PRODUCT},
    )

    def act() -> None:
        held = form.cleaned_data
        reached = Reached(held["cell"], held["state"], held["words"], held["happened_on"], held["channel"])
        record_relation(person=person, reached=reached, actor=actor_of(request), now=timezone.now())

    to = person_url(person)
    title = _("How far we came with %(name)s") % {"name": person.contact.name}
    context = {"deal": person.opportunity, "back": to, "person": person, "title": title}
    return answer(request, form, act, to=to, fragment="relation", context=context, toast=_("Relationship recorded"))


@require_http_methods(["GET", "HEAD", "POST"])
def unrelate(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a record of a relationship back."""
    seen = Opportunity.objects.visible_to(actor_of(request))
    related = [f"person__{name}" for name in RELATED]
    rows = RelationRecord.objects.filter(ref=ref, person__opportunity__in=seen, retracted_at=None)
    row = found_or_404(rows.select_related(*related).first())
    require(actor_of(request), MAP, row.person.opportunity)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        reason = form.cleaned_data["reason"]
        retract_relation(relation=row, reason=reason, actor=actor_of(request), now=timezone.now())

    to = person_url(row.person)
    context = {"deal": row.person.opportunity, "back": to, "title": _("Retract the record")}
    return answer(request, form, act, to=to, fragment="reason", context=context, toast=_("Retracted"))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: str) -> HttpResponse:
    """Record that somebody left, moved or is new."""
    person = writable(request, ref)
    form = ChangeForm(
        request.POST if request.method == "POST" else None, people=others_on(person), today=own_today(request)
    )

    def act() -> None:
        held = form.cleaned_data
        made = Change(held["what"], held["happened_on"], held["note"], held["successor"], held["backup"])
        change_personnel(person=person, change=made, actor=actor_of(request), now=timezone.now())

    title = _("Change of people: %(name)s") % {"name": person.contact.name}
    context = {"deal": person.opportunity, "back": person_url(person), "person": person, "title": title}
    to = chain_url(person.opportunity)
    return answer(request, form, act, to=to, fragment="change", context=context, toast=_("Change recorded"))
