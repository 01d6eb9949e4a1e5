"""After a 409: both versions side by side, and what of them the person keeps."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from duobiao.customers.forms.facts import FactsForm
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, StaleVersion
from duobiao.timeline.queries import entries_for
from duobiao.web.components import ConflictField, ConflictView


def version_sent(posted: QueryDict) -> int:
    """Return the version that the form was made from.

    Raises:
        Invalid: the form does not say.
    """
    version = posted.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Invalid(_("This form is damaged. Reload the page and send it again."))
    return int(version)


def kept_values(values: Mapping[str, Any], posted: QueryDict) -> dict[str, Any]:
    """Leave out the fields for which the person keeps the other version."""
    return {name: value for name, value in values.items() if posted.get(f"keep_{name}") != "theirs"}


def conflict_view(form: FactsForm, values: Mapping[str, Any], refusal: StaleVersion, *, subject: Ref) -> ConflictView:
    """Return both versions of the fields the person changed.

    A field whose present value is what the person saw has no choice to make: only they changed it.
    """
    current = refusal.details["current"]
    latest = entries_for(subject=subject, limit=1)
    fields = [
        ConflictField(
            name=name,
            label=form.label_of(name),
            mine=form.shown(name, value),
            theirs=form.shown(name, current.get(name)),
            changed=form.shown(name, current.get(name)) != form.seen(name),
        )
        for name, value in values.items()
    ]
    return ConflictView(
        who=latest[0].actor if latest else "", at=latest[0].at if latest else None, fields=tuple(fields)
    )
