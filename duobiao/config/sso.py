"""Single sign-on by OpenID Connect, driven by the environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def oidc_provider(environment: Mapping[str, str]) -> dict[str, Any]:
    """Describe the provider for django-allauth; empty where none is configured.

    Addresses of this provider count as verified: it is the company's own directory.
    """
    url = environment.get("DUOBIAO_OIDC_URL", "")
    if not url:
        return {}
    secret_file = environment.get("DUOBIAO_OIDC_SECRET_FILE", "")
    app = {
        "provider_id": "sso",
        "name": environment.get("DUOBIAO_OIDC_NAME", "SSO"),
        "client_id": environment.get("DUOBIAO_OIDC_CLIENT_ID", "duobiao"),
        "secret": Path(secret_file).read_text(encoding="utf-8").strip() if secret_file else "",
        "settings": {"server_url": url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "VERIFIED_EMAIL": True, "EMAIL_AUTHENTICATION": True}}


def origin_of(environment: Mapping[str, str]) -> list[str]:
    """Return where the sign-in form may lead besides this site, for the content security policy."""
    parts = urlsplit(environment.get("DUOBIAO_OIDC_URL", ""))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
