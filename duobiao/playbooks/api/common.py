"""What the API of playbooks shares: who asks, and for which version."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import get_version


def require_view(request: HttpRequest) -> None:
    """Refuse who may not read playbooks."""
    require(actor_of(request), "playbooks.view")


def version_of(key: str, version: int) -> PlaybookVersion:
    """Return a version, or answer 404."""
    found = get_version(key, version) if 0 < version < 2**31 else None
    if found is None:
        raise NotFound(_("There is no such record."))
    return found
