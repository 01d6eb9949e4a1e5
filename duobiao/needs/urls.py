"""Addresses of needs and objections; mounted at the root."""

from django.urls import path

from duobiao.needs.views import kept_library, needs, requirements, talking

app_name = "needs"
DEAL = "opportunities/<str:ref>"
urlpatterns = [
    path(f"{DEAL}/needs/new/", needs.new_need, name="note_need"),
    path(f"{DEAL}/needs/take-over/", needs.take_problem, name="take_over"),
    path(f"{DEAL}/needs/matrix/", requirements.matrix, name="matrix"),
    path("needs/<str:ref>/", needs.need_page, name="need"),
    path("needs/<str:ref>/edit/", needs.edit_need, name="change_need"),
    path("needs/<str:ref>/move/", needs.move, name="move_need"),
    path("needs/<str:ref>/remove/", needs.remove, name="remove_need"),
    path("needs/<str:ref>/rank/", needs.rank, name="rank_need"),
    path("needs/<str:ref>/verify/", needs.verify, name="verify_need"),
    path("needs/<str:ref>/voices/", needs.voice, name="voice_need"),
    path("needs/<str:ref>/solution/", needs.solution, name="answer_need"),
    path("needs/<str:ref>/changes/new/", requirements.new_change, name="raise_change"),
    path("need-changes/<str:ref>/decide/", requirements.decide, name="decide_change"),
    path(f"{DEAL}/solution-modules/new/", requirements.new_module, name="add_module"),
    path("solution-modules/<str:ref>/remove/", requirements.drop_module, name="remove_module"),
    path(f"{DEAL}/requirements/", requirements.requirements, name="requirements"),
    path(f"{DEAL}/requirements/new/", requirements.complete, name="complete_analysis"),
    path("requirements/<str:ref>/", requirements.requirement_page, name="requirement_paper"),
    path("requirements/<str:ref>/file/", requirements.requirement_file, name="requirement_file"),
    path("requirements/<str:ref>/ask/", requirements.ask_confirmation, name="request_requirement_confirmation"),
    path("requirements/<str:ref>/other-way/", requirements.other_way, name="record_requirement_confirmation"),
    path("requirements/<str:ref>/<str:confirmation>/revoke/", requirements.revoke, name="revoke_requirement_link"),
    path("requirements/<str:ref>/<str:confirmation>/verify/", requirements.verify_paper, name="verify_requirements"),
    path(f"{DEAL}/objections/new/", talking.new_objection, name="raise_objection"),
    path("objections/<str:ref>/", talking.objection_page, name="objection"),
    path("objections/<str:ref>/edit/", talking.edit_objection, name="change_objection"),
    path("objections/<str:ref>/answer/", talking.step, name="answer_objection"),
    path("objection-library/", talking.objection_library, name="library"),
    path("objection-library/kept/", kept_library.kept, name="kept_library"),
    path("objection-library/kept/<str:sort>/new/", kept_library.new_entry, name="new_library_entry"),
    path("objection-library/kept/<str:sort>/<str:key>/", kept_library.edit_entry, name="keep_library_entry"),
    path("objection-library/kept/<str:sort>/<str:key>/undo/", kept_library.undo, name="undo_library_entry"),
    path(f"{DEAL}/spin/new/", talking.new_spin, name="plan_spin"),
    path("spin-sheets/<str:ref>/", talking.spin_sheet, name="spin_sheet"),
    path("spin-sheets/<str:ref>/answers/", talking.save_answers, name="answer_spin"),
    path(f"{DEAL}/methods/<str:method>/", talking.use_method, name="note_method"),
]
