"""A process whose files may not grow beyond a limit: uploads a file that does not fit, then one that does.

Run as a program with ``{"way": "page" | "api" | "action", "username": ..., "token": ..., "ref": ...}`` on standard
input; prints the status of both answers.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

ROOM = 8 * 2**20


def main() -> None:
    """Upload twice."""
    from duobiao.config.commands import start_django

    start_django()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    order = json.load(sys.stdin)
    database = Path(settings.DATABASES["default"]["NAME"])
    used = max((path.stat().st_size for path in database.parent.glob(f"{database.name}*")), default=0)
    limit = used + ROOM
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    send = {"page": by_page, "api": by_api, "action": by_action}[order["way"]]
    answers = {
        "large": send(order, os.urandom(2**20) * (limit // 2**20 + 2)),
        "small": send(order, order["small"].encode()),
    }
    print(json.dumps(answers))


def by_page(order: dict[str, str], content: bytes) -> int:
    """Send the form of the files of a customer."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from duobiao.identity.models import User

    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username=order["username"]))
    form = {"file": SimpleUploadedFile("标书.pdf", content)}
    return client.post(f"/documents/of/customer/{order['ref']}/", form).status_code


def by_api(order: dict[str, str], content: bytes) -> int:
    """Upload over the API and attach it."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {order['token']}"})
    answer = client.post("/api/v1/documents", {"file": SimpleUploadedFile("标书.pdf", content)})
    if answer.status_code == 201:
        path = f"/api/v1/documents/{answer.json()['ref']}/attachments"
        client.post(path, {"subject_kind": "customer", "subject_ref": order["ref"]}, content_type="application/json")
    return answer.status_code


def by_action(order: dict[str, str], content: bytes) -> int:
    """Store the content piece by piece, as an upload does."""
    from django.utils import timezone

    from duobiao.documents.actions.store_upload import store_upload
    from duobiao.identity.models import User
    from duobiao.web.errors import is_disk_full

    actor: Any = User.objects.get(username=order["username"])
    chunks = (content[start : start + 2**16] for start in range(0, len(content), 2**16))
    try:
        store_upload(name="标书.pdf", chunks=chunks, actor=actor, now=timezone.now())
    except OSError as error:
        return 507 if is_disk_full(error) else 500
    return 201


if __name__ == "__main__":
    main()
