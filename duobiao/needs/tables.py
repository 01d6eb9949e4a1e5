"""Tables of needs and objections, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.needs.models import (
    DealObjection,
    LibraryVersion,
    MethodUse,
    Need,
    NeedChange,
    NeedModule,
    NeedVoice,
    ObjectionAnswer,
    PriorityChange,
    RequirementPaper,
    SolutionModule,
    SpinQuestion,
    SpinSheet,
    Verification,
)
from duobiao.web.tables import Table, register_tables


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("needs", Need, _("Needs")),
        Table("need_rankings", PriorityChange, _("Rankings of needs"), through=("need",)),
        Table("need_verifications", Verification, _("Verification of needs"), through=("need",)),
        Table("need_voices", NeedVoice, _("Who wants which need"), through=("need",)),
        Table("solution_modules", SolutionModule, _("Modules of solutions")),
        Table("need_modules", NeedModule, _("Needs answered by modules"), through=("need",)),
        Table("requirement_papers", RequirementPaper, _("Versions of requirements")),
        Table("need_changes", NeedChange, _("Changes of needs")),
        Table("spin_sheets", SpinSheet, _("SPIN sheets")),
        Table("spin_questions", SpinQuestion, _("Questions of SPIN sheets"), through=("sheet",)),
        Table("method_uses", MethodUse, _("Methods of asking used")),
        Table("deal_objections", DealObjection, _("Objections of customers")),
        Table("needs_library", LibraryVersion, _("Questions and tactics of the company")),
        Table("objection_answers", ObjectionAnswer, _("Answers to objections"), through=("objection",)),
    )
