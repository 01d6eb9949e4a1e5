"""Supplier admissions of a list, by the same actions that people use."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from duobiao.customers.actions.keep_admissions import add_admission, check_facts, edit_admission, move_admission
from duobiao.customers.models import Admission, AdmissionState, Customer
from duobiao.identity.models import User
from duobiao.integrations.actions.context import Context, Planned, Values
from duobiao.kernel.refusals import Invalid

PLACE = ("customer", "state", "since_on")
DAYS = ("valid_from", "valid_until")


def check_admission(context: Context, values: Values, _new: bool) -> None:
    """Check the facts of an admission as its form does, whoever its customer is.

    Raises:
        Invalid: a value cannot be accepted.
    """
    facts = {name: value for name, value in _facts(values).items() if name != "responsible"}
    with _named_as_in_mappings():
        since = values.get("since_on") or context.today
        check_facts({"name": "-", **facts}, state=_state(values), on=since, now=context.now)


def create_admission(context: Context, row: Planned) -> int:
    """Note an admission; without a state it is in preparation, without a person the customer's owner sees to it."""
    values = row.values
    with _named_as_in_mappings():
        admission = add_admission(
            customer=Customer.objects.get(pk=values["customer"]),
            values=_facts(values),
            state=_state(values),
            happened_on=values.get("since_on"),
            actor=context.actor,
            now=context.now,
        )
    return admission.pk


def change_admission(context: Context, pk: int, values: Values) -> None:
    """Change the given facts, then move the admission on; a step that cannot follow is refused by its row."""
    admission = Admission.objects.select_related("customer").get(pk=pk)
    common: dict[str, Any] = {"actor": context.actor, "now": context.now}
    moved = _is_moved(admission, values)
    facts = _facts(values)
    days: dict[str, date | None] = {name: facts.pop(name) for name in DAYS if moved and name in facts}
    if facts:
        admission = edit_admission(admission=admission, version=admission.version, values=facts, **common)
    if moved:
        since: date = values.get("since_on") or max(context.today, admission.since_on)
        state = values.get("state") or admission.state
        with _named_as_in_mappings():
            move_admission(
                admission=admission, version=admission.version, state=state, happened_on=since, days=days, **common
            )


@contextmanager
def _named_as_in_mappings() -> Iterator[None]:
    """Let a refusal name the fields as a mapping calls them."""
    try:
        yield
    except Invalid as refusal:
        if "happened_on" in refusal.fields:
            refusal.fields["since_on"] = refusal.fields.pop("happened_on")
        raise


def _is_moved(admission: Admission, values: Values) -> bool:
    """Say whether the row brings another state, or confirms the admission for further days."""
    state = values.get("state")
    if state and state != admission.state:
        return True
    renewed = values.get("since_on") and values["since_on"] > admission.since_on
    return bool(renewed) and (state or admission.state) == AdmissionState.ADMITTED


def _state(values: Values) -> str:
    return str(values.get("state") or AdmissionState.PREPARING)


def _facts(values: Values) -> dict[str, Any]:
    facts = {name: value for name, value in values.items() if name not in PLACE}
    person = facts.pop("responsible", None)
    if person and (found := User.objects.get_queryset().filter(pk=person).first()) is not None:
        facts["responsible"] = found
    return facts
