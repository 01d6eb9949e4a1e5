"""Change how customers are assessed: write a new version of a scheme."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.customers.domain.schemes import SchemeFault, read_scheme, write_scheme
from duobiao.customers.events import SchemePublished
from duobiao.customers.models import SchemeVersion
from duobiao.customers.queries.schemes import fault_words, find_scheme, stored_version
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, StaleVersion
from duobiao.timeline.actions.record import record


@transaction.atomic
def publish_scheme(*, key: str, document: Mapping[str, Any], version: int, actor: User, now: datetime) -> SchemeVersion:
    """Write the next version of a scheme; assessments made before keep theirs.

    Args:
        document: As ``domain.schemes.read_scheme`` takes it; its origin becomes ``own``.
        version: The version the actor changed.

    Raises:
        NotAllowed: the actor may not change schemes.
        NotFound: there is no such scheme.
        Invalid: the document cannot be read.
        StaleVersion: somebody else wrote a version meanwhile.
    """
    require(actor, "customers.schemes")
    before = find_scheme(key)
    try:
        read = read_scheme({**document, "origin": "own"})
    except SchemeFault as fault:
        raise Invalid(fault_words(fault), fields={fault.path: fault_words(fault)}) from fault
    if before.version != version:
        raise _stale(before.version)
    stored_version(before, now=now)
    try:
        with transaction.atomic():
            after = SchemeVersion.objects.create(
                key=key, version=version + 1, document=write_scheme(read), published_at=now, published_by=actor
            )
    except IntegrityError as error:
        raise _stale(version + 1) from error
    data = {
        "scheme": key,
        "title": dict(read.title),
        "version": after.version,
        "before": write_scheme(before.scheme),
        "after": after.document,
    }
    record(SchemePublished(subject=Ref("assessment_scheme", key), data=data), actor=actor, at=now)
    return after


def _stale(present: int) -> StaleVersion:
    message = _("Somebody else changed this assessment meanwhile. Look at it again before you save.")
    return StaleVersion(message, details={"current": {"version": present}, "version": present})
