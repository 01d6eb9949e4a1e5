"""Flags of cookies and headers, as a browser meets them behind HTTPS and on every kind of answer."""

import json
import os
import subprocess
import sys

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.opportunities.tests.factories import make_user
from tests.support.processes import ROOT

ASKED = """
import json
from duobiao.config import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.startswith(("SESSION_", "CSRF_COOKIE",
    "LANGUAGE_COOKIE", "MESSAGE_COOKIE", "THEME_COOKIE", "SECURE_HSTS", "DEBUG"))}))
"""


def test_behind_https_every_cookie_is_secure_and_bound_to_the_host(tmp_path):
    env = {**os.environ, "DUOBIAO_HTTPS": "1", "DUOBIAO_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=60
    )
    held = json.loads(done.stdout)

    names = [value for name, value in held.items() if name.endswith("COOKIE_NAME")]
    assert len(names) == 5
    assert [name for name in names if not name.startswith("__Host-")] == []
    assert held["SESSION_COOKIE_SECURE"] is held["CSRF_COOKIE_SECURE"] is True
    assert held["SESSION_COOKIE_HTTPONLY"] is held["CSRF_COOKIE_HTTPONLY"] is True
    assert held["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert held["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert held["DEBUG"] is False


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/profile/", "/api/v1/me", "/nowhere/", "/healthz", "/readyz"])
def test_every_answer_carries_the_headers_that_bind_a_browser(path):
    user = make_user("lin")
    client = Client(headers={"Authorization": f"Bearer {create_token(username='lin', now=timezone.now())}"})
    client.force_login(user)

    answer = client.get(path)

    policy = answer["Content-Security-Policy"]
    assert "base-uri 'none'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer
    kind = answer["Content-Type"].lower()
    assert kind.startswith("application/json") or "charset=utf-8" in kind
