"""Signing in: the pages of django-allauth that we ship templates for, and no others."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from duobiao.identity.http import open_to_all

APPS = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
SSO = {"id": APPS[0]["provider_id"], "name": APPS[0]["name"]} if APPS else None


@open_to_all
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; the browser forgets what it kept for this site, such as drafts of forms."""
    response: HttpResponse = account.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"storage"'
    return response


urlpatterns: list[URLPattern] = [
    path("login/", account.LoginView.as_view(extra_context={"sso": SSO}), name="account_login"),
    path("logout/", sign_out, name="account_logout"),
    path("inactive/", open_to_all(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", open_to_all(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/webauthn/reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
]

if SSO:
    from allauth.socialaccount.providers.openid_connect import views as oidc

    urlpatterns += [
        path("oidc/<str:provider_id>/login/", open_to_all(oidc.login), name="openid_connect_login"),
        path("oidc/<str:provider_id>/login/callback/", open_to_all(oidc.callback), name="openid_connect_callback"),
        path("sso/cancelled/", open_to_all(social.login_cancelled), name="socialaccount_login_cancelled"),
        path("sso/error/", open_to_all(social.login_error), name="socialaccount_login_error"),
    ]
