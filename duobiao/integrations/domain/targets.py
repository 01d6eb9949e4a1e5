"""What rows of files become."""

from enum import StrEnum


class Target(StrEnum):
    """What the rows of a file become."""

    UNITS = "units"
    USERS = "users"
    CUSTOMERS = "customers"
    CONTACTS = "contacts"
    ADMISSIONS = "admissions"
    PRODUCTS = "products"
    OPPORTUNITIES = "opportunities"
    LEADS = "leads"
    CALLS = "calls"
    VISITS = "visits"
    NOTES = "notes"
    TASKS = "tasks"
