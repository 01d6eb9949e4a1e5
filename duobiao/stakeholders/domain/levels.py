"""What a post says about how high somebody sits; a first guess that people correct."""

from typing import Final

from duobiao.stakeholders.domain.support import Level, Role

TOP_WORDS: Final = (
    "总经理",
    "副总",
    "总裁",
    "董事",
    "总监",
    "院长",
    "局长",
    "CEO",
    "CFO",
    "CTO",
    "COO",
    "president",
    "chief",
)
BASE_WORDS: Final = ("工程师", "专员", "主办", "技术员", "班长", "助理", "engineer", "clerk", "assistant", "operator")


def guess_level(position: str, role: Role, *, outside: bool) -> Level:
    """Return the level a post suggests: outsiders outside, the final decider on top, else by words of the post."""
    if outside:
        return Level.OUTSIDE
    words = position.casefold()
    if role is Role.FINAL_DECIDER or any(word.casefold() in words for word in TOP_WORDS):
        return Level.TOP
    if any(word.casefold() in words for word in BASE_WORDS):
        return Level.BASE
    return Level.MIDDLE
