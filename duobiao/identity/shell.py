"""What identity tells the shell: who is signed in, whose installation this is, how people are found."""

from pathlib import PurePosixPath

from django.http import HttpRequest
from django.urls import reverse

from duobiao.identity import policy
from duobiao.identity.http import company_of
from duobiao.identity.models import Role, Unit, User
from duobiao.timeline.registry import Subject
from duobiao.web.registry import Brand, UserDisplay


def user_display(user: User) -> UserDisplay:
    """Return how the signed-in person is shown."""
    return UserDisplay(name=str(user), detail=str(Role(user.role).label), url=reverse("identity:profile"))


def brand(request: HttpRequest) -> Brand:
    """Return the company's name and logo."""
    company = company_of(request)
    logo = PurePosixPath(company.logo.name).name if company.logo.name else ""
    return Brand(name=company.name, logo_url=reverse("identity:logo", args=[logo]) if logo else "")


def _find_user(actor: User, ref: str) -> User | None:
    return User.objects.filter(ref=ref).first() if policy.allows(actor, "identity.users") else None


def _find_unit(actor: User, ref: str) -> Unit | None:
    return Unit.objects.filter(ref=ref).first() if policy.allows(actor, "identity.units") else None


USER_SUBJECT = Subject(
    find=_find_user, url=lambda ref: reverse("identity:change_user", args=[ref]), label=str, chain=lambda user: user.ref
)
UNIT_SUBJECT = Subject(
    find=_find_unit, url=lambda ref: f"{reverse('identity:units')}?edit={ref}", label=str, chain=lambda unit: unit.ref
)
