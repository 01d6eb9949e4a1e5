"""Django wiring of customers."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Names the app."""

    name = "duobiao.customers"
    label = "customers"
