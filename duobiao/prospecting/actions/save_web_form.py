"""Make a form for web sites, change it, switch it on and off, give it a new address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_changes, set_values
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, StaleVersion
from duobiao.prospecting.domain.sites import is_site
from duobiao.prospecting.events import WebFormChanged, WebFormCreated
from duobiao.prospecting.models import WebForm
from duobiao.prospecting.models.web_form import web_form_token
from duobiao.timeline.actions.record import record

FORM_FIELDS: Final = ("title", "intro", "thanks", "hosts", "pool", "owner", "campaign", "is_on")


@transaction.atomic
def create_web_form(*, values: Mapping[str, Any], actor: User, now: datetime) -> WebForm:
    """Make a form; it is off unless ``values`` switch it on.

    Raises:
        NotAllowed: the actor may not maintain web forms.
        Invalid: a value cannot be accepted.
    """
    require(actor, "prospecting.web_forms")
    form = WebForm(created_at=now)
    _set(form, {"title": "", **values})
    form.save(force_insert=True)
    data = {"note": form.title, "is_on": form.is_on}
    record(WebFormCreated(subject=Ref.of(form), data=data), actor=actor, at=now)
    return form


@transaction.atomic
def edit_web_form(
    *, form: WebForm, version: int, values: Mapping[str, Any], actor: User, now: datetime, new_address: bool = False
) -> WebForm:
    """Change a form.

    Args:
        new_address: Make a new address; the old one leads nowhere from then on.

    Raises:
        NotAllowed: the actor may not maintain web forms.
        StaleVersion: somebody changed it meanwhile.
        Invalid: a value cannot be accepted.
    """
    require(actor, "prospecting.web_forms")
    held = WebForm.objects.select_for_update().get(pk=form.pk)
    if held.version != version:
        message = _("Somebody changed this form since you opened it. Reload and look at it again.")
        raise StaleVersion(message, details={"version": held.version})
    changes = _set(held, values)
    if new_address:
        held.token = web_form_token()
    if changes or new_address:
        held.version += 1
        held.save()
        data = {"note": held.title, "changes": json_changes(changes), "new_address": new_address}
        record(WebFormChanged(subject=Ref.of(held), data=data), actor=actor, at=now)
    return held


def _set(form: WebForm, values: Mapping[str, Any]) -> dict[str, Any]:
    if "hosts" in values:
        values = {**values, "hosts": "\n".join(str(values["hosts"] or "").split())}
    changes = set_values(form, values, allowed=FORM_FIELDS)
    faults: dict[str, object] = {}
    if (form.pool is None) == (form.owner is None):
        faults["pool"] = _("Say where leads go: to a pool, or to a person.")
    if form.owner is not None and not form.owner.is_active:
        faults["owner"] = _("This person no longer works here.")
    if any(not is_site(host) for host in form.hosts.split()):
        faults["hosts"] = _("Write one address a line, as https://www.example.com")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return changes
