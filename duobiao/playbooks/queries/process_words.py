"""Project and product selling in words: the signs, the reasons of a proposal, the comparison of both (F2, F29)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from duobiao.playbooks.domain.classify import ENOUGH, Classified, Sign, classify
from duobiao.playbooks.domain.model import Process

SIGNS: dict[Sign, str | Promise] = {
    Sign.CUSTOMISED: gettext_lazy("The solution is made for this customer"),
    Sign.LONG_CYCLE: gettext_lazy("It takes months from first talk to signature"),
    Sign.MANY_DECIDERS: gettext_lazy("Several people or departments decide"),
    Sign.HIGH_AMOUNT: gettext_lazy("The amount is high for the customer"),
    Sign.HIGH_RISK: gettext_lazy("A wrong choice would cost the customer dear"),
    Sign.DELIVERY_AFTER_SALE: gettext_lazy("Delivery, installation or service follows the sale"),
}
PROCESSES: dict[Process, str | Promise] = {
    Process.PROJECT: gettext_lazy("project selling"),
    Process.PRODUCT: gettext_lazy("product selling"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The process that fits, with its reasons."""

    process: Process
    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the comparison."""

    aspect: str
    project: str
    product: str


def propose(signs: Collection[Sign]) -> Proposal:
    """Return the process that fits these signs, and why."""
    found = classify(signs)
    return Proposal(
        found.process, str(PROCESSES[found.process]), (_sum(found), *(str(SIGNS[s]) for s in found.present))
    )


def _sum(found: Classified) -> str:
    count = len(found.present)
    words = ngettext(
        "%(num)d of 6 signs of a project is there; %(enough)d make it project selling",
        "%(num)d of 6 signs of a project are there; %(enough)d make it project selling",
        count,
    )
    return words % {"num": count, "enough": ENOUGH}


def comparison() -> tuple[Difference, ...]:
    """Return how project selling and ordinary selling differ, in six lines."""
    return (
        Difference(
            pgettext("comparison", "What is sold"),
            _("A solution shaped with the customer, priced by its value"),
            _("A standard product with a price list"),
        ),
        Difference(
            pgettext("comparison", "Who decides"),
            _("A group: users, technicians, finance, purchasing, management"),
            _("One or two people"),
        ),
        Difference(
            pgettext("comparison", "How long it takes"),
            _("Months to years, along the buyer's own stages"),
            _("Days to weeks"),
        ),
        Difference(
            pgettext("comparison", "What the customer weighs"),
            _("Risk, trust and the outcome over years"),
            _("Price, quality and date"),
        ),
        Difference(
            pgettext("comparison", "How we work"),
            _("A team with roles, stage by stage, every step proved"),
            _("One seller, many customers, quick answers"),
        ),
        Difference(
            pgettext("comparison", "What counts"),
            _("Value per customer, win rate, follow-on business"),
            _("Number of orders, speed, reach of the market"),
        ),
    )
