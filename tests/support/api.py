"""Call the API as a program does: a bearer token, JSON in, JSON out."""

from typing import Any

from django.http import HttpResponse
from django.test import Client


class ApiClient:
    """A small client for ``/api/v1``.

    Attributes:
        token: Sent as bearer token; without one the caller is anonymous.
    """

    def __init__(self, token: str = "") -> None:
        self.token = token
        self._client = Client()

    def get(self, path: str, **parameters: Any) -> HttpResponse:
        """Read ``path``, relative to ``/api/v1``."""
        return self._client.get(f"/api/v1{path}", parameters, headers=self._headers())

    def post(self, path: str, body: object = None, *, idempotency_key: str = "") -> HttpResponse:
        """Create or act; ``idempotency_key`` makes a repetition safe."""
        extra = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._send("post", path, body, extra)

    def patch(self, path: str, body: object) -> HttpResponse:
        """Change some fields."""
        return self._send("patch", path, body, {})

    def put(self, path: str, body: object) -> HttpResponse:
        """Replace a record."""
        return self._send("put", path, body, {})

    def delete(self, path: str, body: object = None) -> HttpResponse:
        """Delete, with a reason in the body where one is needed."""
        return self._send("delete", path, body, {})

    def _send(self, method: str, path: str, body: object, extra: dict[str, str]) -> HttpResponse:
        send = getattr(self._client, method)
        return send(
            f"/api/v1{path}",
            {} if body is None else body,
            content_type="application/json",
            headers={**self._headers(), **extra},
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}
