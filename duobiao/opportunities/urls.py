"""Addresses of deals; mounted at the root."""

from django.urls import path

from duobiao.opportunities.views import (
    create_opportunity,
    pipeline_board,
    pipeline_bulk,
    pipeline_export,
    pipeline_funnel,
    pipeline_list,
    pipeline_views,
    products,
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
]
