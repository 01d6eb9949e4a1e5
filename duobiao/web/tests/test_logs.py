"""Log lines: one per record, without secrets."""

import logging
import sys

import pytest

from duobiao.web.logs import LineFormatter


def _line(message: str, *arguments: object, exc_info: object = None) -> str:
    record = logging.LogRecord("duobiao.test", logging.INFO, __file__, 1, message, arguments, exc_info)
    return LineFormatter().format(record)


@pytest.mark.parametrize(
    "secret",
    [
        "Authorization: Bearer abcdef123456",
        "authorization': 'Token abcdef123456'",
        "Cookie: duobiao_session=abcdef123456; x=1",
        "token dbt_abcdef123456 used",
        "password=abcdef123456",
        '{"password": "abcdef123456"}',
        "{'new_password1': 'abcdef 123456'}",
        "?token=abcdef123456&x=1",
        "secret_key = abcdef123456",
        "postgres://admin:abcdef123456@db/x",
        "got bearer abcdef123456.xyz",
    ],
)
def test_secrets_are_masked(secret):
    line = _line("before %s after", secret)

    assert "abcdef" not in line
    assert "***" in line
    assert "before" in line


def test_a_line_break_cannot_forge_a_second_line():
    line = _line("login of %s", "eve\n2026-01-01T00:00:00.000Z INFO root all is well\r\x1b[2J\u2028\x00")

    assert len(line.splitlines()) == 1
    assert "eve\\n2026-01-01" in line
    assert "\x1b" not in line
    assert "\\x00" in line


def test_an_exception_stays_on_its_line_and_hides_its_secrets():
    try:
        raise ValueError("dbt_abcdef123456\nsecond")
    except ValueError:
        line = _line("failed", exc_info=sys.exc_info())

    assert len(line.splitlines()) == 1
    assert "ValueError" in line
    assert "abcdef" not in line


def test_a_line_says_when_how_bad_and_from_where():
    line = _line("hello")

    assert line.endswith("INFO duobiao.test hello")
    assert line[10] == "T"
    assert line.split(" ")[0].endswith("Z")


def test_ordinary_words_survive():
    text = "GET /customers/?sort=-amount 200; 3 tokens checked, password reset mail sent to 2 people"

    assert text in _line(text)
