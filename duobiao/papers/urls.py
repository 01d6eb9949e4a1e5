"""Addresses of templates; mounted at the root."""

from django.urls import path

from duobiao.papers.views import templates

app_name = "papers"
urlpatterns = [
    path("admin/papers/", templates.templates, name="templates"),
    path("admin/papers/<str:paper>/", templates.replace, name="replace_template"),
    path("admin/papers/<str:paper>/try/", templates.try_out, name="try_template"),
    path("admin/papers/<str:paper>/restore/", templates.restore, name="restore_template"),
    path("admin/papers/<str:paper>/file/", templates.file, name="template_file"),
    path("admin/papers/<str:paper>/sample/", templates.sample, name="sample_paper"),
]
