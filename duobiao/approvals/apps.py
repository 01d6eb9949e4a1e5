"""Django wiring of approvals."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Registers the destination, the administration page, the profile panel, the jobs and the request as a subject."""

    name = "duobiao.approvals"
    label = "approvals"

    def ready(self) -> None:
        """Register everything once, at start."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.approvals import jobs, panels
        from duobiao.approvals.actions.follow_people import person_left
        from duobiao.approvals.models import ApprovalRequest
        from duobiao.approvals.queries.requests import find_request
        from duobiao.approvals.tables import register as name_tables
        from duobiao.identity.events import UserDeactivated
        from duobiao.identity.registry import Door, register_door
        from duobiao.jobs import registry as schedule
        from duobiao.timeline.registry import Subject, on, register_subject
        from duobiao.web.registry import NavItem, register_nav

        on(UserDeactivated, person_left)
        schedule.every("approvals.keep_moving", task=jobs.keep_requests_moving, minutes=60)
        register_subject(
            ApprovalRequest.kind,
            Subject(find=find_request, url=lambda ref: f"/approvals/{ref}/", label=str, chain=lambda row: str(row.ref)),
        )
        register_nav(
            NavItem("approvals", _("Approvals"), "clipboard-check", "approvals:requests", 45, "approvals.view")
        )
        register_door(
            Door(_("Approval chains"), _("Who approves what"), "route", "approvals:chains", "approvals.chains")
        )
        panels.register()
        name_tables()
