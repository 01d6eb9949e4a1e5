"""Mentions in running text: ``@张伟`` or ``@zhang.wei``, also without a space after the name."""

import re
from collections.abc import Collection
from dataclasses import dataclass

AFTER_AT = re.compile(r"@([^\s@,;:!?()\[\]<>\"'，。；：、！？（）【】《》“”]{1,60})")
MOST_MENTIONS = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comment; ``mention`` marks ``@name``."""

    text: str
    mention: bool = False


def prefixes(body: str) -> list[list[str]]:
    """Return for each ``@`` what may be the name behind it, longest first; at most ten mentions count.

    Chinese runs on without spaces, so ``@张伟请看`` may mean 张伟请看, 张伟请, 张伟 or 张.
    """
    groups = []
    for match in list(AFTER_AT.finditer(body))[:MOST_MENTIONS]:
        word = match.group(1).rstrip(".")
        groups.append([word[:length] for length in range(len(word), 0, -1)])
    return [group for group in groups if group]


def pieces(body: str, handles: Collection[str]) -> list[Piece]:
    """Cut ``body`` at the mentions of ``handles``; joined together the pieces are ``body`` again."""
    known = sorted((re.escape(handle) for handle in handles if handle), key=len, reverse=True)
    if not known:
        return [Piece(body)] if body else []
    cut = re.split(f"(@(?:{'|'.join(known)}))", body, flags=re.IGNORECASE)
    return [Piece(text, mention=index % 2 == 1) for index, text in enumerate(cut) if text]
