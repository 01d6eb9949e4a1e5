"""The settings under test: the real ones on a throw-away home and database.

TEST_DATABASE_URL chooses PostgreSQL; without it a SQLite file in a temporary folder is used. Every process has
its own home and its own database name, so that several runs never meet.
"""

import atexit
import importlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path

RUN_HOME = Path(tempfile.mkdtemp(prefix="duobiao-test-"))
OWNER_PROCESS = os.getpid()


def _leave_nothing_behind() -> None:
    if os.getpid() == OWNER_PROCESS:
        shutil.rmtree(RUN_HOME, ignore_errors=True)


atexit.register(_leave_nothing_behind)
for setting in [name for name in os.environ if name.startswith("DUOBIAO_")]:
    del os.environ[setting]
os.environ["DUOBIAO_HOME"] = str(RUN_HOME)
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{RUN_HOME / 'unused.sqlite3'}"

_real = importlib.import_module("duobiao.config.settings")
globals().update({name: value for name, value in vars(_real).items() if name.isupper()})

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "[::1]"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {**_real.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOGGING = {**_real.LOGGING, "root": {**_real.LOGGING["root"], "level": "WARNING"}}
TEMPLATE_CACHE = Path(__file__).resolve().parents[1] / ".pytest_cache" / "templates"  # one for all processes
(RUN_HOME / "static").mkdir()


def _database_under_test() -> dict[str, object]:
    config = dict(_real.DATABASES["default"])
    if config["ENGINE"] == "duobiao.config.sqlite":
        options = dict(config["OPTIONS"])
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        return {**config, "OPTIONS": options, "TEST": {"NAME": str(RUN_HOME / "test.sqlite3")}}
    unique = f"test_duobiao_{os.getpid()}_{secrets.token_hex(3)}"
    options = {**config.get("OPTIONS", {}), "options": "-c synchronous_commit=off"}
    return {**config, "OPTIONS": options, "CONN_MAX_AGE": 0, "TEST": {"NAME": unique, "TEMPLATE": "template0"}}


DATABASES = {"default": _database_under_test()}
