"""Addresses of the forms and pages of decision chains; the chain itself is a page of the deal, composed above."""

from django.urls import path

from duobiao.stakeholders.views import links, observations, people, places, readouts, supplying

app_name = "stakeholders"
urlpatterns = [
    path("opportunities/<str:ref>/deal-people/new/", people.add, name="add_person"),
    path("opportunities/<str:ref>/deal-people/bring-in/", people.bring_in, name="bring_in_people"),
    path("opportunities/<str:ref>/influence-links/new/", links.add, name="link_people"),
    path("opportunities/<str:ref>/decision-chain/evidence/", supplying.supply, name="supply_evidence"),
    path("opportunities/<str:ref>/decision-chain/readouts/", readouts.readouts, name="readouts"),
    path("opportunities/<str:ref>/decision-chain/what-if/", readouts.what_if, name="what_if"),
    path("opportunities/<str:ref>/decision-chain/rebuild/", readouts.rebuild, name="rebuild"),
    path("opportunities/<str:ref>/decision-chain/report/", readouts.report, name="report"),
    path("opportunities/<str:ref>/decision-chain/picture/", readouts.picture, name="picture"),
    path("opportunities/<str:ref>/decision-chain/arrange/", places.arrange, name="arrange_anew"),
    path("influence-links/<str:ref>/end/", links.end, name="end_link"),
    path("deal-people/<str:ref>/", people.person, name="person"),
    path("deal-people/<str:ref>/edit/", people.edit, name="edit_person"),
    path("deal-people/<str:ref>/remove/", people.remove, name="remove_person"),
    path("deal-people/<str:ref>/observe/", observations.see, name="observe"),
    path("deal-people/<str:ref>/relation/", observations.relate, name="record_relation"),
    path("deal-people/<str:ref>/change/", observations.change, name="change_personnel"),
    path("deal-people/<str:ref>/place/", places.place, name="place_person"),
    path("deal-people/<str:ref>/plan/", links.plan, name="plan_influence"),
    path("observations/<str:ref>/retract/", observations.unsee, name="retract_observation"),
    path("relation-records/<str:ref>/retract/", observations.unrelate, name="retract_relation"),
]
