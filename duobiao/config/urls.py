"""All addresses of the application."""

from django.urls import URLPattern, URLResolver, include, path

from duobiao.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("duobiao.web.urls")),
    path("", include("duobiao.identity.urls")),
    path("", include("duobiao.timeline.urls")),
    path("", include("duobiao.search.urls")),
    path("", include("duobiao.documents.urls")),
    path("", include("duobiao.papers.urls")),
    path("", include("duobiao.push.urls")),
    path("", include("duobiao.approvals.urls")),
    path("", include("duobiao.duplicates.urls")),
    path("", include("duobiao.customers.urls")),
    path("", include("duobiao.knowledge.urls")),
    path("", include("duobiao.opportunities.urls")),
    path("", include("duobiao.prospecting.urls")),
    path("", include("duobiao.stakeholders.urls")),
    path("", include("duobiao.planning.urls")),
    path("", include("duobiao.strategy.urls")),
    path("", include("duobiao.reviews.urls")),
    path("", include("duobiao.competition.urls")),
    path("", include("duobiao.engagement.urls")),
    path("", include("duobiao.needs.urls")),
    path("", include("duobiao.integrations.urls")),
    path("", include("duobiao.playbooks.urls")),
    path("", include("duobiao.workbench.urls")),
    path("accounts/", include("duobiao.identity.account_urls")),
    path("api/v1/", api.urls),
]
handler400 = "duobiao.web.errors.bad_request"
handler403 = "duobiao.web.errors.permission_denied"
handler404 = "duobiao.web.errors.page_not_found"
handler500 = "duobiao.web.errors.server_error"
