"""Django wiring of papers."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Lays papers out by the company's templates, and puts its page into administration."""

    name = "duobiao.papers"
    label = "papers"

    def ready(self) -> None:
        from django.core import checks
        from django.utils.translation import gettext_lazy as _

        from duobiao.identity.registry import Door, register_door
        from duobiao.papers import soundness
        from duobiao.papers.queries.templates import layout
        from duobiao.papers.tables import register as name_tables
        from duobiao.web.paper_kinds import set_layouts

        set_layouts(layout)
        what = _("How briefs, requirements and reports look: letterhead, fonts, logo")
        register_door(Door(_("Word templates"), what, "file-type-docx", "papers:templates", "papers.templates"))
        checks.register(soundness.templates_can_be_used, "doctor", deploy=True)
        name_tables()
