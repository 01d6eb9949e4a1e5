"""Addresses of the shell; mounted at the root."""

from django.urls import path

from duobiao.web.views import health, help, preferences, styleguide

app_name = "web"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("theme/", preferences.theme, name="theme"),
    path("language/", preferences.language, name="language"),
    path("help/keys/", help.keys, name="keys"),
    path("more/", help.more, name="more"),
    path("add/", help.add, name="add"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
