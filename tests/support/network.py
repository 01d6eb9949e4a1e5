"""Keep the tests off the network: only this machine's own addresses can be reached."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock


class NetworkUsed(AssertionError):
    """A test tried to reach another machine."""


def is_local(address: object) -> bool:
    """Tell whether a socket address lies on this machine."""
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0]).split("%")[0]
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _guarded(connect: Callable[..., object]) -> Callable[..., object]:
    def guarded_connect(self: socket.socket, address: object) -> object:
        if not is_local(address):
            self.close()
            raise NetworkUsed(f"a test tried to reach {address}")
        return connect(self, address)

    return guarded_connect


@contextmanager
def no_network() -> Iterator[None]:
    """Let sockets connect to this machine only."""
    with ExitStack() as stack:
        for name in ("connect", "connect_ex"):
            stack.enter_context(mock.patch.object(socket.socket, name, _guarded(getattr(socket.socket, name))))
        yield
