"""Addresses of leads, pools and web forms."""

from django.urls import path

from duobiao.prospecting.views import campaigns, convert, follow_ups, lead, leads, pools, public_form, web_forms, work

app_name = "prospecting"
urlpatterns = [
    path("leads/", leads.leads, name="leads"),
    path("leads/new/", leads.capture, name="capture_lead"),
    path("leads/form/<str:token>/", public_form.public_form, name="public_form"),
    path("leads/<str:ref>/", lead.lead, name="lead"),
    path("leads/<str:ref>/edit/", lead.edit, name="edit_lead"),
    path("leads/<str:ref>/check/", work.check, name="check_lead"),
    path("leads/<str:ref>/discard/", work.discard, name="discard_lead"),
    path("leads/<str:ref>/reopen/", work.reopen, name="reopen_lead"),
    path("leads/<str:ref>/convert/", convert.convert, name="convert_lead"),
    path("leads/<str:ref>/claim/", work.claim, name="claim_lead"),
    path("leads/<str:ref>/return/", work.give_back, name="return_lead"),
    path("leads/<str:ref>/assign/", work.assign, name="assign_lead"),
    path("leads/<str:ref>/people/", work.people, name="lead_people"),
    path("leads/<str:ref>/next-steps/new/", follow_ups.add, name="add_follow_up"),
    path("next-steps/<str:ref>/done/", follow_ups.finish, name="finish_follow_up"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.plan, name="plan_campaign"),
    path("campaigns/sources/", campaigns.sources, name="sources"),
    path("campaigns/<str:ref>/", campaigns.campaign, name="campaign"),
    path("campaigns/<str:ref>/edit/", campaigns.edit, name="edit_campaign"),
    path("campaigns/<str:ref>/agenda/", campaigns.agenda, name="set_agenda"),
    path("campaigns/<str:ref>/follow-up/", campaigns.follow, name="follow_campaign"),
    path("referral-asks/", follow_ups.asks, name="referral_asks"),
    path("referral-asks/<str:ref>/settle/", follow_ups.settle, name="settle_ask"),
    path("customers/<str:ref>/referral-asks/new/", follow_ups.ask, name="ask_referral"),
    path("pools/", pools.pools, name="pools"),
    path("pools/new/", pools.new_pool, name="create_pool"),
    path("pools/<str:ref>/edit/", pools.edit, name="edit_pool"),
    path("web-forms/", web_forms.web_forms, name="web_forms"),
    path("web-forms/new/", web_forms.new_form, name="create_web_form"),
    path("web-forms/people/", web_forms.people, name="web_form_people"),
    path("web-forms/<str:ref>/edit/", web_forms.edit, name="edit_web_form"),
]
