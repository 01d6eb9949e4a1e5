"""The way in to administration: cards of what this person may run."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.identity.registry import Door, registered_doors
from duobiao.kernel.refusals import NotAllowed
from duobiao.web.http import render


def doors() -> list[Door]:
    """Return all places."""
    return [
        Door(
            _("People"), _("Invite, change, close accounts and hand over"), "users", "identity:users", "identity.users"
        ),
        Door(_("Organisation"), _("The tree of units"), "sitemap", "identity:units", "identity.units"),
        Door(
            _("Roles"),
            _("What each role may do, and to whose records"),
            "shield-check",
            "identity:roles",
            "identity.roles",
        ),
        Door(
            _("Company"),
            _("Name, logo, currency, fiscal year, outgoing mail"),
            "building",
            "identity:company",
            "identity.company",
        ),
        Door(
            _("Audit"), _("Who did what, when; nothing can be changed"), "history", "identity:audit", "timeline.audit"
        ),
    ]


@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    """Show the places, then those that other capabilities registered."""
    actor = actor_of(request)
    open_doors = [door for door in [*doors(), *registered_doors()] if policy.allows(actor, door.permission)]
    if not open_doors:
        raise NotAllowed(_("Your role does not allow this. Ask your manager or an administrator."))
    return render(request, "identity/administration.html", {"doors": open_doors})
