"""Django wiring of customers."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Registers customers and contacts with search, timeline and shell; follows people who leave."""

    name = "duobiao.customers"
    label = "customers"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from duobiao.customers import duplicate_kinds, jobs, panels, registry
        from duobiao.customers.actions.follow_leavers import give_work_on
        from duobiao.customers.actions.handover_customer import follow_deactivation
        from duobiao.customers.tables import register as name_tables
        from duobiao.identity.events import UserDeactivated
        from duobiao.identity.registry import Door, register_door
        from duobiao.jobs import registry as schedule
        from duobiao.timeline.registry import on
        from duobiao.web.registry import NavItem, QuickAdd, register_nav, register_quick_add

        registry.register_subjects()
        registry.register_search_kinds()
        duplicate_kinds.register()
        panels.register_panels()
        on(UserDeactivated, follow_deactivation, order=20)
        on(UserDeactivated, give_work_on, order=25)
        schedule.every("customers.admissions", task=jobs.look_at_admissions, hour=6, minute=40)
        schedule.every("customers.issues", task=jobs.escalate_late_issues, hour=7, minute=40)
        register_door(
            Door(
                _("Customer assessments"),
                _("By which criteria, weights and classes customers are assessed"),
                "clipboard-check",
                "customers:schemes",
                "customers.schemes",
            )
        )
        register_door(
            Door(
                _("Erasures of personal data"),
                _("Whose data were erased, why, and what stayed"),
                "user-x",
                "customers:erasures",
                "customers.erase",
            )
        )
        register_nav(
            NavItem(
                "customers", _("Customers"), "building", "customers:list", order=30, permission="customers.view", tab=3
            )
        )
        register_quick_add(
            QuickAdd("customer", _("Customer"), "building", "customers:new", order=40, permission="customers.create")
        )
        name_tables()
