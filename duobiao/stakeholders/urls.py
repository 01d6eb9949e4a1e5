"""Addresses of the forms and pages of decision chains."""

from django.urls import URLPattern

app_name = "stakeholders"
urlpatterns: list[URLPattern] = []
