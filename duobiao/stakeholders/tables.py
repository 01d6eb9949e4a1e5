"""Tables of decision chains, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.stakeholders.models import (
    ChainFigures,
    DealPerson,
    InfluenceAction,
    InfluenceLink,
    Observation,
    PersonnelChange,
    PersonPast,
    PersonPlace,
    RelationRecord,
)
from duobiao.web.tables import Table, register_tables


def register() -> None:
    """Name the tables."""
    through = ("person__opportunity",)
    register_tables(
        Table("deal_people", DealPerson, _("People of decision chains"), through=("opportunity",)),
        Table("observations", Observation, _("Observations of people"), through=through),
        Table("relation_records", RelationRecord, _("Records of relationships"), through=through),
        Table("influence_links", InfluenceLink, _("Lines of influence"), through=("opportunity",)),
        Table("personnel_changes", PersonnelChange, _("Changes of people"), through=through),
        Table("influence_actions", InfluenceAction, _("Actions to win people"), through=through),
        Table("deal_people_before", PersonPast, _("People of decision chains as they were before"), through=through),
        Table("chain_places", PersonPlace, _("Places in pictures of decision chains"), through=through),
        Table("chain_figures", ChainFigures, _("Figures of decision chains"), through=("opportunity",)),
    )
