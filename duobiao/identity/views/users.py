"""People: the list, inviting, changing, closing and reopening accounts."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.actions.change_user import change_user
from duobiao.identity.actions.deactivate_user import deactivate_user
from duobiao.identity.actions.invite_user import invite_user
from duobiao.identity.actions.make_password_link import make_password_link
from duobiao.identity.actions.reactivate_user import reactivate_user
from duobiao.identity.actions.reset_second_step import reset_second_step
from duobiao.identity.actions.send_password_link import send_password_link
from duobiao.identity.forms import AccountForm, LeavingForm, refused, unit_choices
from duobiao.identity.http import actor_of
from duobiao.identity.models import Role, Unit, User
from duobiao.identity.people_picker import offer_people
from duobiao.identity.queries import has_second_factor, people_matching
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal
from duobiao.timeline.queries import entries_for
from duobiao.web.api import found_or_404
from duobiao.web.http import done, page_or_fragment, render

PAGE_ROWS = 50
RECENT = 12
STATES = {"active": True, "closed": False, "all": None}


@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """List people with search and filters."""
    actor = _administrator(request)
    q, role, unit_ref = (request.GET.get(name, "").strip()[:80] for name in ("q", "role", "unit"))
    state = request.GET.get("state", "active")
    unit = Unit.objects.filter(ref=unit_ref).first() if unit_ref else None
    found = people_matching(actor, q=q, active=STATES.get(state, True), role=role, unit=unit)
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "people": list(page.object_list),
        "q": q,
        "role": role,
        "unit": unit_ref,
        "state": state if state in STATES else "active",
        "roles": Role.choices,
        "units": unit_choices(),
    }
    return page_or_fragment(request, page="identity/users.html", fragment="identity/_user_list.html", context=context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Open an account and show its link."""
    actor = _administrator(request)
    form, status = AccountForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = invite_user(**form.values(), actor=actor, now=timezone.now())
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return _show_link(request, made.user, made.path, title=_("Account opened"))
    return page_or_fragment(
        request,
        page="identity/invite.html",
        fragment="identity/_invite_form.html",
        context={"form": form},
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_user(request: HttpRequest, ref: str) -> HttpResponse:
    """Show and change an account."""
    actor = _administrator(request)
    user = _user(ref)
    form, status = AccountForm.of(user), 200
    if request.method == "POST":
        form, status = AccountForm(request.POST, user=user), 422
        if form.is_valid():
            try:
                version = form.cleaned_data["version"] or 0
                change_user(user=user, values=form.values(), version=version, actor=actor, now=timezone.now())
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to=request.path, toast=_("Account changed"))
    history = entries_for(subject=Ref.of(user), limit=RECENT)
    context = {
        "form": form,
        "person": user,
        "history": history,
        "myself": user.pk == actor.pk,
        "has_second_step": has_second_factor(user),
    }
    return render(request, "identity/user.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: HttpRequest, ref: str) -> HttpResponse:
    """Close an account and hand over; ``?field=`` offers people while one types."""
    actor = _administrator(request)
    user = _user(ref)
    form, status = LeavingForm(initial={"version": user.version}, user=user), 200
    if "field" in request.GET:
        return offer_people(request, form)
    if request.method == "POST":
        form, status = LeavingForm(request.POST, user=user), 422
        if form.is_valid():
            try:
                version = form.cleaned_data["version"]
                deactivate_user(
                    user=user, successor=form.chosen_successor(), version=version, actor=actor, now=timezone.now()
                )
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to="identity:users", toast=_("Account of %(name)s closed") % {"name": user})
    return render(request, "identity/deactivate.html", {"form": form, "person": user}, status=status)


@never_cache
@require_POST
def reactivate(request: HttpRequest, ref: str) -> HttpResponse:
    """Reopen an account and show its link."""
    actor = _administrator(request)
    user = _user(ref)
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    path = reactivate_user(user=user, version=seen, actor=actor, now=timezone.now())
    return _show_link(request, user, path, title=_("Account reopened"))


@never_cache
@require_POST
def password_link(request: HttpRequest, ref: str) -> HttpResponse:
    """Make a link that sets a new password, and show it."""
    actor = _administrator(request)
    user = _user(ref)
    path = make_password_link(user=user, actor=actor, now=timezone.now())
    return _show_link(request, user, path, title=_("Link to set a password"))


@require_POST
def second_step(request: HttpRequest, ref: str) -> HttpResponse:
    """Take away the second step of somebody who cannot give it any more."""
    actor = _administrator(request)
    user = _user(ref)
    reset_second_step(user=user, actor=actor, now=timezone.now())
    back = reverse("identity:change_user", args=[user.ref])
    return done(request, to=back, toast=_("%(name)s signs in with the password alone now") % {"name": user})


def _show_link(request: HttpRequest, user: User, path: str, *, title: str) -> HttpResponse:
    url = request.build_absolute_uri(path)
    failed = send_password_link(user=user, url=url) if user.email else ""
    context = {"person": user, "link": url, "mailed": bool(user.email) and not failed, "failed": failed, "title": title}
    return render(request, "identity/password_link.html", context)


def _administrator(request: HttpRequest) -> User:
    actor = actor_of(request)
    policy.require(actor, "identity.users")
    return actor


def _user(ref: str) -> User:
    return found_or_404(User.objects.select_related("unit", "coach").filter(ref=ref).first())
