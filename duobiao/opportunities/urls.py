"""Addresses of deals; mounted at the root."""

from django.urls import path

from duobiao.opportunities.views import (
    close_deal,
    create_opportunity,
    edit_deal,
    fill_profile,
    gate,
    hand_over,
    pipeline_board,
    pipeline_bulk,
    pipeline_export,
    pipeline_funnel,
    pipeline_list,
    pipeline_views,
    products,
    proof,
    prove,
    team,
    waivers,
)

app_name = "opportunities"
urlpatterns = [
    # the pipeline
    path("pipeline/", pipeline_board.pipeline, name="pipeline"),
    path("pipeline/board/", pipeline_board.board, name="board"),
    path("pipeline/list/", pipeline_list.deal_list, name="list"),
    path("pipeline/funnel/", pipeline_funnel.funnel, name="funnel"),
    path("pipeline/filters/", pipeline_views.filters, name="filters"),
    path("pipeline/export/", pipeline_export.export, name="export"),
    path("pipeline/handover/", pipeline_bulk.handover, name="handover_all"),
    path("pipeline/views/", pipeline_views.views, name="views"),
    path("pipeline/views/save/", pipeline_views.save, name="save_view"),
    path("pipeline/views/<str:ref>/", pipeline_views.edit, name="change_view"),
    path("pipeline/views/<str:ref>/delete/", pipeline_views.delete, name="delete_view"),
    # opening deals, and products; before the deal room, whose reference takes any word
    path("opportunities/new/", create_opportunity.new, name="create_opportunity"),
    path("opportunities/customers/", create_opportunity.customer_options, name="customer_options"),
    path("admin/products/", products.products, name="products"),
    path("admin/products/new/", products.add, name="add_product"),
    path("admin/products/<str:ref>/", products.edit, name="edit_product"),
    # the forms of one deal; the deal room itself is composed by the workbench
    path("opportunities/<str:ref>/gate/", gate.gate, name="gate"),
    path("opportunities/<str:ref>/proofs/new/", prove.prove, name="prove"),
    path("opportunities/<str:ref>/purchase-method/", prove.purchase_method, name="purchase_method"),
    path("opportunities/<str:ref>/buyer/", prove.buyer, name="buyer"),
    path("opportunities/<str:ref>/profile/<str:who>/", fill_profile.fill_profile, name="fill_profile"),
    path("opportunities/<str:ref>/edit/", edit_deal.edit, name="edit_opportunity"),
    path("opportunities/<str:ref>/close/", close_deal.close, name="close_opportunity"),
    path("opportunities/<str:ref>/reopen/", close_deal.reopen, name="reopen_opportunity"),
    path("opportunities/<str:ref>/handover/", hand_over.hand_over, name="handover_opportunity"),
    path("opportunities/<str:ref>/team/new/", team.add_member, name="add_to_team"),
    path("opportunities/<str:ref>/team/<str:user>/remove/", team.remove_member, name="remove_from_team"),
    path("opportunities/<str:ref>/participants/new/", team.add_company, name="add_company"),
    path("opportunities/<str:ref>/participants/<int:key>/remove/", team.remove_company, name="remove_company"),
    path("opportunities/<str:ref>/waivers/new/", waivers.ask, name="ask_waiver"),
    path("waivers/<str:ref>/", waivers.waiver, name="waiver"),
    path("waivers/<str:ref>/end/", waivers.end, name="end_waiver"),
    path("proofs/<str:ref>/", proof.proof, name="proof"),
    path("proofs/<str:ref>/retract/", proof.retract, name="retract"),
    path("proofs/<str:ref>/verify/", proof.verify, name="verify"),
]
