"""Addresses of imports, exports and calendar feeds; mounted at the root."""

from django.urls import path

from duobiao.integrations.views import calendar, exports, imports, mapping, run

app_name = "integrations"
urlpatterns = [
    path("calendar.ics", calendar.calendar_feed, name="calendar_feed"),
    path("calendar/subscriptions/", calendar.feeds, name="calendar_feeds"),
    path("calendar/subscriptions/<str:ref>/end/", calendar.revoke_feed, name="revoke_calendar_feed"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<str:ref>/progress/", exports.export_progress, name="export_progress"),
    path("exports/<str:ref>/file/", exports.export_file, name="export_file"),
    path("admin/import/", imports.imports, name="imports"),
    path("admin/import/<str:ref>/", run.show, name="import"),
    path("admin/import/<str:ref>/mapping/", mapping.mapping, name="mapping"),
    path("admin/import/<str:ref>/mapping.yaml", run.mapping_file, name="mapping_file"),
    path("admin/import/<str:ref>/progress/", run.progress, name="progress"),
    path("admin/import/<str:ref>/start/", run.start, name="start_import"),
    path("admin/import/<str:ref>/discard/", run.discard, name="discard_import"),
    path("admin/import/<str:ref>/delete-files/", run.delete_uploads, name="delete_import_files"),
    path("admin/import/<str:ref>/errors.csv", run.errors, name="errors"),
]
