"""What the API of playbooks shares: who asks, and for which version; YAML in and out."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.playbooks.domain.document import LARGEST
from duobiao.playbooks.models import PlaybookDraft, PlaybookVersion
from duobiao.playbooks.queries import get_version
from duobiao.playbooks.queries.drafts import get_draft
from duobiao.playbooks.queries.export import exported

YAML_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/yaml": {"schema": {"type": "string"}}}}
}


def require_view(request: HttpRequest) -> None:
    """Refuse who may not read playbooks."""
    require(actor_of(request), "playbooks.view")


def version_of(key: str, version: int) -> PlaybookVersion:
    """Return a version, or answer 404."""
    found = get_version(key, version) if 0 < version < 2**31 else None
    if found is None:
        raise NotFound(_("There is no such record."))
    return found


def draft_of_ref(ref: str) -> PlaybookDraft:
    """Return a draft, or answer 404."""
    found = get_draft(ref)
    if found is None:
        raise NotFound(_("There is no such record."))
    return found


def document_of(request: HttpRequest) -> bytes:
    """Return the body; one that Django refuses for its size comes as one byte too many, so that it is named too."""
    try:
        return request.body
    except RequestDataTooBig:
        return b" " * (LARGEST + 1)


def yaml_response(document: Mapping[str, Any], name: str) -> HttpResponse:
    """Hand a playbook out as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(exported(document), content_type="application/yaml; charset=utf-8", headers=headers)
