"""Names of companies: when two spellings are likely to mean the same one."""

import re
import unicodedata

LEGAL_FORMS = (
    "股份有限责任公司",
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "有限公司",
    "股份公司",
    "总公司",
    "公司",
    "集团",
    "coltd",
    "limited",
    "ltd",
    "incorporated",
    "inc",
    "corporation",
    "corp",
    "gmbh",
    "llc",
    "plc",
)
"""Endings that people leave out or abbreviate; longest first."""

NOT_A_LETTER = re.compile(r"[\W_]+")


def normal_name(name: str) -> str:
    """Return what stays of a name without width, case, blanks, punctuation and legal form.

    Names with equal results are likely duplicates: ``苏州恒力 精密(集团)有限公司`` and ``苏州恒力精密集团``. A name
    that consists of nothing else keeps its letters.
    """
    letters = NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", name).casefold())
    rest = letters
    while (form := next((form for form in LEGAL_FORMS if rest.endswith(form)), "")) and rest != form:
        rest = rest.removesuffix(form)
    return (rest or letters or name.strip())[:120]
