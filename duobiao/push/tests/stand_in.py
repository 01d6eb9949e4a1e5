"""A chat on this machine that takes what robots post, and answers as told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Chat:
    """What was posted, and what is answered next."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[tuple[int, str]] = []

    def url(self, path: str = "/send?key=k1") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def chat() -> Iterator[Chat]:
    """Run a chat while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.posted.append((self.path, json.loads(body)))
            status, text = held.answers.pop(0) if held.answers else (200, '{"errcode": 0, "errmsg": "ok"}')
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held = Chat(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
