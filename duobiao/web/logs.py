"""Log lines: one line per record, nothing secret, nothing that forges another line."""

import logging
import re
from datetime import UTC, datetime

SECRETS = (
    (
        re.compile(
            r"(?i)\b(authorization|proxy-authorization|cookie|set-cookie|x-csrftoken)(['\"]?\s*[:=]\s*)[^\n,}]+"
        ),
        r"\1\2***",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"), r"\1 ***"),
    (re.compile(r"\b(db[tl]_)[A-Za-z0-9_-]+"), r"\1***"),
    (
        re.compile(
            r"(?i)([\w-]*(?:password|passwd|secret|token|api[_-]?key|session(?:id)?|otp|passphrase)[\w-]*)"
            r"(['\"]?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&})\]]+)"
        ),
        r"\1\2***",
    ),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s@/]+@"), r"\1:***@"),
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
LONGEST = 16_000


def mask(text: str) -> str:
    """Replace what looks like a secret: headers, bearer, ``dbt_`` and ``dbl_`` tokens, passwords, keys, credentials in URLs."""
    for pattern, replacement in SECRETS:
        text = pattern.sub(replacement, text)
    return text


def one_line(text: str) -> str:
    """Escape line breaks and control characters."""
    return CONTROL.sub(lambda match: ESCAPES.get(match[0], f"\\x{ord(match[0]):02x}"), text)


class LineFormatter(logging.Formatter):
    """``2026-09-14T02:00:00.000Z INFO logger message``, an exception's trace on the same line."""

    def moment(self, record: logging.LogRecord) -> str:
        """Write when it was, in UTC."""
        moment = datetime.fromtimestamp(record.created, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(record.msecs):03d}Z"

    def format(self, record: logging.LogRecord) -> str:
        """Write one record as one line."""
        text = record.getMessage()
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        for part in (record.exc_text, record.stack_info and self.formatStack(record.stack_info)):
            if part:
                text += "\n" + part
        line = f"{self.moment(record)} {record.levelname} {record.name} {text}"
        return one_line(mask(line))[:LONGEST]
