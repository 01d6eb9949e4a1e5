"""One settings file, driven by the environment.

DATABASE_URL               sqlite:///path or postgres://user:password@host:port/name (default: SQLite in DUOBIAO_HOME)
DUOBIAO_HOME               where data lives: database, files, secret (default: ./var)
DUOBIAO_SECRET_KEY_FILE    file with the signing secret (default: DUOBIAO_HOME/secret-key, made by ``duobiao init``)
DUOBIAO_HOSTS              comma-separated host names served (default: localhost and loopback)
DUOBIAO_HTTPS              1 behind an HTTPS proxy: secure cookies, HSTS, X-Forwarded-Proto is believed
DUOBIAO_UPLOAD_MAX_MB      largest file people may upload, in MB (default 50)
DUOBIAO_PROXIES            how many trusted proxies stand in front (default 0): X-Forwarded-For is believed only from them
DUOBIAO_PUSH_HOSTS         comma-separated hosts inside the own network that chat robots may be called at, also without https
DUOBIAO_OIDC_URL           address of an OpenID Connect provider for single sign-on, e.g. https://sso.example.com/realms/main
DUOBIAO_OIDC_NAME          what the button on the sign-in page calls it (default: SSO)
DUOBIAO_OIDC_CLIENT_ID, DUOBIAO_OIDC_SECRET_FILE   how we are known there; redirect address: /accounts/oidc/sso/login/callback/
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from duobiao.config.secret import read_secret_key
from duobiao.config.sso import oidc_provider, origin_of

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are small: threads would only wait for one another

PACKAGE = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("DUOBIAO_HOME", "var")).resolve()
HTTPS = os.environ.get("DUOBIAO_HTTPS") == "1"
PROXIES = int(os.environ.get("DUOBIAO_PROXIES", "0"))
COOKIE_PREFIX = "__Host-" if HTTPS else ""  # a browser takes such a cookie only over HTTPS, from this host alone

DEBUG = False
SECRET_KEY = read_secret_key(HOME)
ALLOWED_HOSTS = os.environ.get("DUOBIAO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host not in ("*", "[::1]")]
ROOT_URLCONF = "duobiao.config.urls"
WSGI_APPLICATION = "duobiao.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SOCIALACCOUNT_PROVIDERS = oidc_provider(os.environ)
"""Without single sign-on its code is not loaded: it takes 8 MB in each process."""

INSTALLED_APPS = [
    "duobiao.workbench",
    "duobiao.integrations",
    "duobiao.needs",
    "duobiao.engagement",
    "duobiao.competition",
    "duobiao.strategy",
    "duobiao.reviews",
    "duobiao.planning",
    "duobiao.stakeholders",
    "duobiao.prospecting",
    "duobiao.opportunities",
    "duobiao.knowledge",
    "duobiao.playbooks",
    "duobiao.customers",
    "duobiao.duplicates",
    "duobiao.approvals",
    "duobiao.papers",
    "duobiao.documents",
    "duobiao.push",
    "duobiao.search",
    "duobiao.identity",
    "duobiao.timeline",
    "duobiao.web",
    "duobiao.jobs",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *(["allauth.socialaccount.providers.openid_connect"] if SOCIALACCOUNT_PROVIDERS else []),
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "duobiao.identity.middleware.watch",
    "duobiao.identity.middleware.session_limits",
    "duobiao.identity.middleware.locale",
    "duobiao.identity.middleware.well_formed",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "duobiao.identity.middleware.sign_in_required",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "duobiao.web.middleware.refusals",
]

TEMPLATE_CACHE = HOME / "cache" / "templates"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "duobiao.web.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "duobiao.web.context.shell",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]


def database() -> dict[str, Any]:
    """Describe the database of DATABASE_URL for Django."""
    config: dict[str, Any] = dict(dj_database_url.config(default=f"sqlite:///{HOME / 'duobiao.sqlite3'}"))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["ENGINE"] = "duobiao.config.sqlite"
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;PRAGMA temp_store=MEMORY"
            ),
        }
    else:
        config["CONN_MAX_AGE"] = 600
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": database()}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "duobiao_cache"}}

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "duobiao.identity.password_rules.MinimumLength", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "duobiao.identity.password_rules.OurWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "duobiao.identity.allauth.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # other sessions end by themselves: they are bound to the password
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
LINK_FAILURE_RATES = "20/m/ip,100/h/ip"  # attempts with links that do not work
ACCOUNT_USER_DISPLAY = "duobiao.identity.allauth.display_name"
SOCIALACCOUNT_ADAPTER = "duobiao.identity.allauth.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_AUTO_SIGNUP = False
MFA_ADAPTER = "duobiao.identity.allauth.MfaAdapter"
MFA_TOTP_ISSUER = "Duobiao"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from administrators, nobody signs up
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
TEMPLATE_ENGINE = "jinja2"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
USE_I18N = True
LOCALE_PATHS = [PACKAGE / "config" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}duobiao_language"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS: list[Path] = []
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = os.environ.get("DUOBIAO_DEV") == "1"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "duobiao.web.uploads.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
PUSH_HOSTS = frozenset(filter(None, os.environ.get("DUOBIAO_PUSH_HOSTS", "").split(",")))
UPLOAD_MAX_BYTES = int(os.environ.get("DUOBIAO_UPLOAD_MAX_MB", "50")) * 2**20

SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}duobiao_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_LONGEST_DAYS = 14
SESSION_UNUSED_DAYS = 7
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
MESSAGE_STORAGE = "duobiao.web.toasts.Toasts"
MESSAGE_COOKIE_NAME = f"{COOKIE_PREFIX}duobiao_toasts"
THEME_COOKIE_NAME = f"{COOKIE_PREFIX}duobiao_theme"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "duobiao.web.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *origin_of(os.environ)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
EMAIL_BACKEND = "duobiao.identity.mail.CompanyMailBackend"
DEFAULT_FROM_EMAIL = "duobiao@localhost"
EMAIL_TIMEOUT = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "duobiao.web.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("DUOBIAO_LOG_LEVEL", "INFO")},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}
