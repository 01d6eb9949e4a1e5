"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from duobiao.config.memory import collect_less_often

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duobiao.config.settings")
application = get_wsgi_application()
collect_less_often()
