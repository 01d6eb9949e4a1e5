"""Addresses of rivals, battle cards and the investment matrix; mounted at the root."""

from django.urls import path

from duobiao.competition.views import cards, matrix, parts, placing, rivals, scores

app_name = "competition"
DEAL = "opportunities/<str:ref>/competition"
urlpatterns = [
    path("rivals/", rivals.rivals, name="rivals"),
    path("rivals/new/", rivals.add, name="add_rival"),
    path("rivals/<str:ref>/", cards.card, name="rival"),
    path("rivals/<str:ref>/edit/", rivals.edit, name="edit_rival"),
    path("rivals/<str:ref>/statements/new/", cards.note, name="note_statement"),
    path("battle-card-statements/<str:ref>/edit/", cards.change, name="change_statement"),
    path("battle-card-statements/<str:ref>/remove/", cards.remove, name="remove_statement"),
    path("portfolio/matrix/", matrix.portfolio, name="portfolio_matrix"),
    path(f"{DEAL}/rivals/new/", placing.place, name="place_rival"),
    path(f"{DEAL}/weights/", scores.weights, name="set_weights"),
    path(f"{DEAL}/scores/", scores.score_ours, name="score_our_offer"),
    path("opportunities/<str:ref>/investment/", matrix.investment, name="investment"),
    path("opportunities/<str:ref>/investment/figures/", matrix.figures, name="reckon_pursuit"),
    path("opportunities/<str:ref>/investment/<str:criterion>/", matrix.judge, name="judge_criterion"),
    path("deal-rivals/<str:ref>/edit/", placing.change, name="change_placing"),
    path("deal-rivals/<str:ref>/left/", placing.leave, name="note_left"),
    path("deal-rivals/<str:ref>/back/", placing.back, name="note_back"),
    path("deal-rivals/<str:ref>/scores/", scores.score_theirs, name="score_rival"),
    path("deal-rivals/<str:ref>/barriers/new/", parts.add_barrier, name="note_barrier"),
    path("deal-rivals/<str:ref>/reaches/new/", parts.add_reach, name="note_reach"),
    path("deal-rivals/<str:ref>/moves/new/", parts.add_move, name="note_move"),
    path("deal-rivals/<str:ref>/counter/", parts.counter, name="plan_counter"),
    path("competition-barriers/<str:ref>/edit/", parts.change_barrier_page, name="change_barrier"),
    path("competition-barriers/<str:ref>/remove/", parts.drop_barrier, name="remove_barrier"),
    path("rival-reaches/<str:ref>/remove/", parts.drop_reach, name="remove_reach"),
    path("rival-moves/<str:ref>/withdraw/", parts.take_move_back, name="withdraw_move"),
]
