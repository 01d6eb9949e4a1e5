"""Addresses of playbooks; mounted at the root."""

from django.urls import path

from duobiao.playbooks.views import draft, draft_parts, draft_people, draft_track, improvements, playbook, versions

app_name = "playbooks"
urlpatterns = [
    path("playbooks/", playbook.newest, name="newest"),
    path("playbooks/studio/", versions.studio, name="studio"),
    path("playbooks/import/", versions.import_, name="import"),
    path("playbooks/compare/", versions.compare, name="compare"),
    path("playbooks/<slug:key>/<int:version>/", playbook.playbook, name="playbook"),
    path("playbooks/<slug:key>/<int:version>/clone/", versions.clone, name="clone_playbook"),
    path("playbooks/<slug:key>/<int:version>/export/", versions.export, name="export_playbook"),
    path("playbooks/<slug:key>/<int:version>/retire/", versions.retire, name="retire_version"),
    path("playbooks/<slug:key>/<int:version>/offer/", versions.offer, name="offer_version"),
    path("playbooks/<slug:key>/<int:version>/tools/<int:stage>/", versions.tick, name="tick_tool"),
    path("playbooks/<slug:key>/<int:version>/notes/new/", improvements.note, name="note_improvement"),
    path("playbooks/notes/<str:ref>/", improvements.improvement, name="improvement"),
    path("playbooks/notes/<str:ref>/decide/", improvements.decide, name="decide_improvement"),
    path("playbooks/drafts/<str:ref>/", draft.draft, name="draft"),
    path("playbooks/drafts/<str:ref>/publish/", draft.publish, name="publish_draft"),
    path("playbooks/drafts/<str:ref>/discard/", draft.discard, name="discard_draft"),
    path("playbooks/drafts/<str:ref>/yaml/", draft.replace, name="replace_draft"),
    path("playbooks/drafts/<str:ref>/export/", draft.export, name="export_draft"),
    path("playbooks/drafts/<str:ref>/notes/<str:note>/", draft.attach, name="attach_note"),
    path("playbooks/drafts/<str:ref>/frame/", draft_parts.edit_frame, name="edit_frame"),
    path("playbooks/drafts/<str:ref>/rates/", draft_parts.edit_rates, name="edit_rates"),
    path("playbooks/drafts/<str:ref>/half-lives/", draft_people.edit_half_lives, name="edit_half_lives"),
    path("playbooks/drafts/<str:ref>/relations/own/", draft_people.own_relations, name="own_relations"),
    path("playbooks/drafts/<str:ref>/buyer/own/", draft_track.own_track, name="own_track"),
    path("playbooks/drafts/<str:ref>/buyer/add/", draft_track.add_buyer_stage, name="add_buyer_stage"),
    path("playbooks/drafts/<str:ref>/buyer/<int:stage>/", draft_track.edit_buyer_stage, name="edit_buyer_stage"),
    path(
        "playbooks/drafts/<str:ref>/buyer/<int:stage>/remove/",
        draft_track.remove_buyer_stage,
        name="remove_buyer_stage",
    ),
    path(
        "playbooks/drafts/<str:ref>/buyer/<int:stage>/<slug:name>/new/", draft_track.add_track_row, name="add_track_row"
    ),
    path(
        "playbooks/drafts/<str:ref>/buyer/<int:stage>/<slug:name>/<int:place>/",
        draft_track.edit_track_row,
        name="edit_track_row",
    ),
    path(
        "playbooks/drafts/<str:ref>/buyer/<int:stage>/<slug:name>/<int:place>/remove/",
        draft_track.remove_track_row,
        name="remove_track_row",
    ),
    path("playbooks/drafts/<str:ref>/stages/<int:stage>/", draft_parts.edit_stage, name="edit_stage"),
    path("playbooks/drafts/<str:ref>/stages/<int:stage>/add/", draft_parts.add_stage, name="add_stage"),
    path("playbooks/drafts/<str:ref>/stages/<int:stage>/move/", draft_parts.move_stage, name="move_stage"),
    path("playbooks/drafts/<str:ref>/stages/<int:stage>/remove/", draft_parts.remove_stage, name="remove_stage"),
    path("playbooks/drafts/<str:ref>/stages/<int:stage>/<slug:name>/new/", draft_parts.add_row, name="add_row"),
    path(
        "playbooks/drafts/<str:ref>/stages/<int:stage>/<slug:name>/<int:place>/", draft_parts.edit_row, name="edit_row"
    ),
    path(
        "playbooks/drafts/<str:ref>/stages/<int:stage>/<slug:name>/<int:place>/move/",
        draft_parts.move_row,
        name="move_row",
    ),
    path(
        "playbooks/drafts/<str:ref>/stages/<int:stage>/<slug:name>/<int:place>/remove/",
        draft_parts.remove_row,
        name="remove_row",
    ),
]
