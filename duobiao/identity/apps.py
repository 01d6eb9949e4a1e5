"""Django wiring of identity."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """Tells the shell who may do what, who is signed in, and whose installation this is."""

    name = "duobiao.identity"
    label = "identity"

    def ready(self) -> None:
        from duobiao.identity import jobs, policy, shell
        from duobiao.identity.tables import register as name_tables
        from duobiao.jobs import registry as schedule
        from duobiao.timeline import registry as timeline
        from duobiao.web import registry
        from duobiao.web.registry import MenuItem, NavItem

        registry.set_permission_checker(policy.allows, policy.allows)
        registry.set_user_display(shell.user_display)
        registry.set_brand(shell.brand)
        registry.register_nav(
            NavItem(
                "identity", _("Admin"), "settings", "identity:administration", order=900, permission="timeline.audit"
            )
        )
        registry.register_menu(MenuItem("profile", _("My profile"), "user", "identity:profile", order=10))
        registry.register_menu(MenuItem("sign_out", _("Sign out"), "logout", "account_logout", order=900, post=True))
        timeline.register_subject("user", shell.USER_SUBJECT)
        timeline.register_subject("unit", shell.UNIT_SUBJECT)
        schedule.every("identity.forget_keys", task=jobs.forget_idempotency_keys, hour=3, minute=45)
        schedule.every("identity.forget_sessions", task=jobs.forget_sessions, hour=3, minute=55)
        name_tables()
