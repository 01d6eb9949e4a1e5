"""Addresses of approvals; mounted at the root."""

from django.urls import path

from duobiao.approvals.views import absences, acts, chains, requests

app_name = "approvals"
urlpatterns = [
    path("approvals/", requests.requests, name="requests"),
    path("approvals/absences/", absences.absences, name="set_absence"),
    path("approvals/absences/people/", absences.people, name="substitutes"),
    path("approvals/absences/<str:ref>/end/", absences.end, name="end_absence"),
    path("approvals/<str:ref>/", requests.request_page, name="request"),
    path("approvals/<str:ref>/people/", requests.people, name="people"),
    path("approvals/<str:ref>/decide/", acts.decide_request, name="decide"),
    path("approvals/<str:ref>/send-back/", acts.send_request_back, name="send_back"),
    path("approvals/<str:ref>/resubmit/", acts.resubmit_request, name="resubmit"),
    path("approvals/<str:ref>/add/", acts.add, name="add_approver"),
    path("approvals/<str:ref>/hand-on/", acts.hand, name="hand_on"),
    path("approvals/<str:ref>/copy/", acts.copy, name="copy_to"),
    path("approvals/<str:ref>/withdraw/", acts.withdraw_request, name="withdraw"),
    path("admin/approvals/", chains.chains, name="chains"),
    path("admin/approvals/<str:matter>/", chains.edit_chain, name="publish_chain"),
]
