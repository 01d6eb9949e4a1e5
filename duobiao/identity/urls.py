"""Addresses of identity: the own profile and administration. Signing in is in ``account_urls``."""

from django.urls import path

from duobiao.identity.views import administration, audit, company, profile, roles, sessions, units, users

app_name = "identity"
urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("profile/tokens/", profile.new_token, name="new_token"),
    path("profile/tokens/<str:ref>/revoke/", profile.end_token, name="revoke_token"),
    path("profile/sessions/end/", sessions.end_others, name="end_sessions"),
    path("profile/sessions/<str:ref>/end/", sessions.end_one, name="end_session"),
    path("admin/", administration.administration, name="administration"),
    path("admin/users/", users.users, name="users"),
    path("admin/users/invite/", users.invite, name="invite_user"),
    path("admin/users/<str:ref>/", users.edit_user, name="change_user"),
    path("admin/users/<str:ref>/deactivate/", users.deactivate, name="deactivate_user"),
    path("admin/users/<str:ref>/reactivate/", users.reactivate, name="reactivate_user"),
    path("admin/users/<str:ref>/password-link/", users.password_link, name="make_password_link"),
    path("admin/users/<str:ref>/second-step/", users.second_step, name="reset_second_step"),
    path("admin/units/", units.units, name="units"),
    path("admin/units/new/", units.new_unit, name="create_unit"),
    path("admin/units/<str:ref>/", units.edit_unit, name="change_unit"),
    path("admin/units/<str:ref>/delete/", units.remove_unit, name="delete_unit"),
    path("admin/roles/", roles.roles, name="roles"),
    path("admin/roles/<str:role>/", roles.edit_role, name="change_role_grant"),
    path("admin/company/", company.company, name="company"),
    path("admin/company/test-mail/", company.test_mail, name="send_test_mail"),
    path("admin/audit/", audit.audit, name="audit"),
    path("company/logo/<str:name>", company.logo, name="logo"),
]
