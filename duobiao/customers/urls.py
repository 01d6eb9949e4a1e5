"""Addresses of customers and contacts; mounted at the root."""

from django.urls import path

from duobiao.customers.views import (
    assessments,
    channels,
    contacts,
    customer,
    customers,
    edit_customer,
    handover,
    issues,
    merge,
    new_customer,
    schemes,
    sites,
    trash,
)

app_name = "customers"
urlpatterns = [
    path("customers/", customers.customers, name="list"),
    path("customers/new/", new_customer.new_customer, name="new"),
    path("customers/ranking/", assessments.rank, name="ranking"),
    path("customers/<str:ref>/", customer.customer, name="customer"),
    path("customers/<str:ref>/edit/", edit_customer.edit, name="edit"),
    path("customers/<str:ref>/merge/", merge.merge_customer, name="merge"),
    path("customers/<str:ref>/handover/", handover.handover, name="handover"),
    path("customers/<str:ref>/trash/", trash.put_customer, name="trash_customer"),
    path("customers/<str:ref>/restore/", trash.take_customer, name="restore_customer"),
    path("customers/<str:ref>/assess/", assessments.assess, name="assess"),
    path("customers/<str:ref>/assessments/", assessments.assessments, name="assessments"),
    path("customers/<str:ref>/channels/", channels.channels, name="channels"),
    path("customers/<str:ref>/channels/<str:channel>/", channels.answer, name="file_answers"),
    path("customers/<str:ref>/contacts/new/", contacts.new_contact, name="new_contact"),
    path("customers/<str:ref>/sites/new/", sites.add, name="add_site"),
    path("customers/<str:ref>/issues/new/", issues.new, name="raise_issue"),
    path("issues/", issues.issues, name="issues"),
    path("issues/<str:ref>/", issues.issue, name="issue"),
    path("issues/<str:ref>/edit/", issues.edit, name="edit_issue"),
    path("issues/<str:ref>/solve/", issues.solve, name="solve_issue"),
    path("sites/<str:ref>/edit/", sites.edit, name="edit_site"),
    path("sites/<str:ref>/remove/", sites.remove, name="remove_site"),
    path("contacts/<str:ref>/", contacts.contact, name="contact"),
    path("contacts/<str:ref>/edit/", contacts.edit, name="edit_contact"),
    path("contacts/<str:ref>/merge/", merge.merge_contact, name="merge_contact"),
    path("contacts/<str:ref>/trash/", trash.put_contact, name="trash_contact"),
    path("contacts/<str:ref>/restore/", trash.take_contact, name="restore_contact"),
    path("admin/assessments/", schemes.schemes, name="schemes"),
    path("admin/assessments/<str:key>/", schemes.edit_scheme, name="publish_scheme"),
    path("trash/", trash.trash, name="trash"),
]
