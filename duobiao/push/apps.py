"""Django wiring of pushing."""

from django.apps import AppConfig


class PushConfig(AppConfig):
    """Sends once a minute, and puts its pages into administration and the person's menu."""

    name = "duobiao.push"
    label = "push"

    def ready(self) -> None:
        """Register job, door and menu line."""
        from django.utils.translation import gettext_lazy as _

        from duobiao.identity.registry import Door, register_door
        from duobiao.jobs import registry as schedule
        from duobiao.push import jobs
        from duobiao.push.tables import register as name_tables
        from duobiao.web.registry import MenuItem, register_menu

        schedule.every("push.deliver", task=jobs.push_what_is_new, minutes=1)
        schedule.every("push.forget", task=jobs.forget_what_was_sent, hour=4, minute=20)
        what = _("Group robots of WeCom, DingTalk and Feishu, and what was sent")
        register_door(Door(_("Chat robots"), what, "message-2", "push:robots", "push.robots"))
        register_menu(MenuItem("push", _("Notifications to me"), "bell-ringing", "push:choices", 15, "push.choose"))
        name_tables()
