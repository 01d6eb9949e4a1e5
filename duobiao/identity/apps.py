"""Django wiring of identity."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Connects the permission checker to the shell."""

    name = "duobiao.identity"
    label = "identity"

    def ready(self) -> None:
        from duobiao.identity import policy
        from duobiao.web import registry

        registry.set_permission_checker(policy.allows)
