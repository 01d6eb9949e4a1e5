"""Records of identity for the route matrix."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.test import Client

from duobiao.identity.models import ApiToken
from duobiao.identity.tests.factories import make_unit
from tests.support.routes import Sample, World


def user(world: World) -> dict[str, str]:
    """The account of the owner."""
    return {"ref": world.owner.ref}


def unit(world: World) -> dict[str, str]:
    """An empty unit."""
    return {"ref": make_unit("空部门").ref}


def token(world: World) -> dict[str, str]:
    """A token of the owner."""
    held = ApiToken.objects.create(user=world.owner, name="x", digest="0" * 64, created_at=world.now)
    return {"ref": held.ref}


def session(world: World) -> dict[str, str]:
    """A browser in which the owner is signed in."""
    browser = Client()
    browser.force_login(world.owner)
    key = browser.session.session_key
    held = UserSession.objects.create(user=world.owner, ip="203.0.113.9", session_key=key, user_agent="Chrome/1 Linux")
    return {"ref": str(held.pk)}


def password_key(world: World) -> dict[str, str]:
    """A link that sets the owner's password."""
    return {"uidb36": user_pk_to_url_str(world.owner), "key": default_token_generator.make_token(world.owner)}


SAMPLES: dict[str, Sample] = {
    "user": user,
    "unit": unit,
    "token": token,
    "session": session,
    "password_key": password_key,
    "role": lambda _world: {"role": "seller"},
    "grant": lambda _world: {"role": "seller", "verb": "customers.view"},
    "logo": lambda _world: {"name": "none.png"},
    "security_key": lambda _world: {"pk": "1"},
    "nothing": lambda _world: {},
}
