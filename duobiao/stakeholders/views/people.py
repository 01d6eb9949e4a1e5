"""People of a chain: the page of one, putting them on, bringing them in, changing them, taking them off."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.queries.people import companies_of, contacts_of
from duobiao.opportunities.queries.tasks import task_people
from duobiao.opportunities.views.common import DEAL_CHANGED, company_today, needs, visible_deal
from duobiao.stakeholders.actions.add_person import add_person, bring_in_people
from duobiao.stakeholders.actions.edit_person import edit_person, remove_person
from duobiao.stakeholders.actions.enter_person import enter_person
from duobiao.stakeholders.actions.take import MAP
from duobiao.stakeholders.forms.people import AddPersonForm, EditPersonForm
from duobiao.stakeholders.models import DealPerson
from duobiao.stakeholders.queries.person import person_page
from duobiao.stakeholders.views.common import answer, chain_url, find_person, person_url, writable
from duobiao.web.http import done, page_or_fragment


@require_safe
def person(request: HttpRequest, ref: str) -> HttpResponse:
    """Show all that is known of one person: portrait, judgements, relations, lines, plan."""
    row = find_person(request, ref)
    shown = person_page(row, on=company_today(request))
    context = {
        "shown": shown,
        "deal": row.opportunity,
        "may_map": policy.allows(actor_of(request), MAP, row.opportunity),
        "here": request.get_full_path(),
    }
    return page_or_fragment(
        request, page="stakeholders/person.html", fragment="stakeholders/_person.html", context=context
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a contact on the chain, or somebody new; ``?contact=`` or ``?new_name=`` begins, ``?from=rebuild`` leads back."""
    deal = visible_deal(request, ref)
    actor = needs(request, MAP, deal)
    there = DealPerson.objects.present().filter(opportunity=deal).values("contact_id")
    form = AddPersonForm(
        request.POST if request.method == "POST" else None,
        contacts=contacts_of(deal, actor).exclude(pk__in=there),
        people=task_people(deal, actor),
        initial={name: request.GET.get(name, "")[:60] for name in ("contact", "new_name", "new_department")},
    )

    def act() -> None:
        values, now, newcomer = form.values(), timezone.now(), form.newcomer()
        if newcomer is not None:
            enter_person(opportunity=deal, newcomer=newcomer, values=values, actor=actor, now=now)
        else:
            add_person(
                opportunity=deal, contact=form.cleaned_data["contact"], values=values, actor=actor, now=now
            )  # fmt: skip

    rebuilding = request.GET.get("from") == "rebuild"
    to = reverse("stakeholders:rebuild", args=[deal.ref]) if rebuilding else chain_url(deal)
    context = {"deal": deal, "back": to, "title": _("Put somebody on the decision chain")}
    return answer(request, form, act, to=to, fragment="add_person", context=context, toast=_("Put on the chain"))


@require_POST
def bring_in(request: HttpRequest, ref: str) -> HttpResponse:
    """Bring in everybody whose part in the purchase is known."""
    deal = visible_deal(request, ref)
    actor = needs(request, MAP, deal)
    added = bring_in_people(opportunity=deal, actor=actor, now=timezone.now())
    count = len(added)
    toast = ngettext("%(num)d person brought in", "%(num)d people brought in", count) % {"num": count}
    return done(request, to=chain_url(deal), fires=DEAL_CHANGED, toast=toast, stay=True)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change what is known of a person."""
    row = writable(request, ref)
    deal, actor = row.opportunity, actor_of(request)
    form = EditPersonForm(
        request.POST if request.method == "POST" else None,
        instance=row,
        companies=companies_of(deal).exclude(pk=row.contact.customer_id),
        people=task_people(deal, actor),
        initial={"version": row.version},
    )

    def act() -> None:
        version = form.cleaned_data["version"]
        edit_person(person=row, version=version, values=form.values(), actor=actor, now=timezone.now())

    to = person_url(row)
    context = {"deal": deal, "back": to, "person": row, "title": row.contact.name}
    return answer(request, form, act, to=to, fragment="edit_person", context=context, toast=_("Saved"))


@require_POST
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take somebody off the chain."""
    row = writable(request, ref)
    version = request.POST.get("version", "")
    remove_person(
        person=row, version=int(version) if version.isdigit() else 0, actor=actor_of(request), now=timezone.now()
    )
    return done(request, to=chain_url(row.opportunity), toast=_("Taken off the chain"))
