"""Every address of the application, found in its URL patterns."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

PLACEHOLDER = re.compile(r"<(?:(\w+):)?(\w+)>")
SAMPLES = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000", "path": "a/b"}
REGEX_SAMPLES = {"account_reset_password_from_key": "password/reset/key/1-abc/"}


def routes() -> list[str]:
    """Return one sample address for every pattern, in alphabetical order."""
    return sorted(set(_walk("/", get_resolver().url_patterns)))


def _walk(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(prefix + _sample(entry), entry.url_patterns)
        else:
            yield prefix + _sample(entry)


def _sample(entry: URLPattern | URLResolver) -> str:
    if isinstance(entry.pattern, RegexPattern):
        return REGEX_SAMPLES[str(getattr(entry, "name", ""))]
    return PLACEHOLDER.sub(lambda found: SAMPLES.get(found[1] or "str", "X-0000000000"), str(entry.pattern))
