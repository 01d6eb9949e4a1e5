"""A person with a browser and cookies, for tests that talk to a served installation over real sockets."""

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

CSRF_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
LOGIN = "/accounts/login/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.text)


class Visitor:
    """Keeps cookies from answer to answer, as a browser does.

    Attributes:
        source: The loopback address it comes from; 127.0.0.2 is another machine to the server.
        token: Bearer token of a program; "" for a person.
        cookies: By name.
    """

    def __init__(self, port: int, *, source: str = "127.0.0.1", token: str = "") -> None:
        self.port, self.source, self.token = port, source, token
        self.cookies: dict[str, str] = {}

    def request(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.source, 0))
        try:
            connection.request(method, path, body=body, headers={**self._headers(), **(headers or {})})
            response = connection.getresponse()
            text = response.read().decode("utf-8", errors="replace")
            self._keep_cookies(response.headers.get_all("Set-Cookie") or [])
            return Answer(response.status, dict(response.headers.items()), text)
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        headers = {"Connection": "close"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Read a page."""
        return self.request("GET", path, headers=headers)

    def api(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Call the API with a JSON body."""
        encoded = json.dumps(body if body is not None else {}).encode()
        kind = {"Content-Type": "application/json"}
        return self.request(
            method, f"/api/v1{path}", body=None if method == "GET" else encoded, headers={**kind, **(headers or {})}
        )

    def post(self, path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """Send a form as it stands; add ``csrf(...)`` to it for one that is accepted."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.request("POST", path, body=urlencode(form).encode(), headers={**kind, **(headers or {})})

    def csrf(self, path: str) -> dict[str, str]:
        """Return the hidden token of a page's first form."""
        found = CSRF_FIELD.search(self.get(path).text)
        assert found, f"{path} holds no form"
        return {"csrfmiddlewaretoken": found[1]}

    def sign_in(self, username: str, password: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fill in the sign-in form."""
        form = {**self.csrf(LOGIN), "login": username, "password": password}
        return self.post(LOGIN, form, headers=headers)
