"""Post JSON to an address that an administrator entered, and to nothing inside our own network."""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from duobiao.kernel.refusals import Invalid

TIMEOUT_SECONDS = 10
LONGEST_ANSWER = 65536
LONGEST_ADDRESS = 1000


class Unreachable(OSError):
    """The address could not be called, or answered with no success; the text holds no secret."""


def check_address(address: str) -> str:
    """Return the host of an address that may be called.

    Raises:
        Invalid: it is no https address, names a user, or names a host inside our network by its number.
    """
    parts = _split(address)
    host = parts.hostname or ""
    if host in settings.PUSH_HOSTS and parts.scheme in ("http", "https"):
        return host
    if parts.scheme != "https" or not host or "." not in host or parts.username or parts.password:
        _refuse(_("Enter the whole https address that the chat shows for the robot."))
    if _number(host) is not None and not _is_public(host):
        _refuse(_("This address lies inside the own network. The operator can allow a host: DUOBIAO_PUSH_HOSTS."))
    return host


def post_json(address: str, body: Mapping[str, Any]) -> object:
    """Post a body and return the JSON of the answer.

    The name is looked up once, each of its addresses must be public, and that very address is called; redirects are
    not followed.

    Raises:
        Unreachable: nothing answered, the host is inside our network, or the answer is no success.
    """
    parts = _split(address)
    host = parts.hostname or ""
    try:
        connection = _connect(parts, host)
        payload = json.dumps(body, ensure_ascii=False).encode()
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "duobiao"}
        connection.request("POST", path, payload, headers)
        answer = connection.getresponse()
        text = answer.read(LONGEST_ANSWER)
        connection.close()
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, Unreachable):
            raise
        raise Unreachable(f"{host}: {_why(error)}") from None
    if answer.status != http.client.OK:
        raise Unreachable(f"{host}: HTTP {answer.status}")
    try:
        return json.loads(text)
    except ValueError:
        raise Unreachable(f"{host}: no JSON answer") from None


def _why(error: OSError | http.client.HTTPException) -> str:
    if isinstance(error, socket.gaierror):
        return _("there is no such host, or the name server does not answer")
    if isinstance(error, TimeoutError):
        return _("no answer in time")
    if isinstance(error, ssl.SSLError):
        return _("its certificate is not accepted")
    return _("no connection")


def _connect(parts: SplitResult, host: str) -> http.client.HTTPConnection:
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    numbers = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if host not in settings.PUSH_HOSTS and not (secure and all(_is_public(number) for number in numbers)):
        inside = _("inside the own network")
        raise Unreachable(f"{host}: {inside}")
    raw = socket.create_connection((numbers[0], port), timeout=TIMEOUT_SECONDS)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host) if secure else raw
    return connection


def _is_public(number: str) -> bool:
    found = _number(number)
    return found is not None and found.is_global and not found.is_multicast


def _number(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _split(address: str) -> SplitResult:
    if len(address) > LONGEST_ADDRESS or any(ord(letter) <= ord(" ") for letter in address):
        _refuse(_("Enter the whole https address that the chat shows for the robot."))
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        _refuse(_("Enter the whole https address that the chat shows for the robot."))
    del port
    return parts


def _refuse(message: str) -> NoReturn:
    raise Invalid(message, fields={"address": message})
