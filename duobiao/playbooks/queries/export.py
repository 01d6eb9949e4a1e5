"""Write a playbook as YAML, as the shipped files are written."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from duobiao.playbooks.domain.document import Document
from duobiao.playbooks.domain.problems import Path, Problems
from duobiao.playbooks.domain.shape import in_order
from duobiao.playbooks.queries import catalogue

WIDTH = 160
EVIDENCE = re.compile(r"\bevidence: ([a-z_]+\.[a-z_]+)")


def yaml_of(document: Mapping[str, Any]) -> bytes:
    """Return a document as YAML in UTF-8; reading it again gives the same document."""
    text: str = yaml.dump(
        in_order(document),
        Dumper=yaml.CSafeDumper,
        allow_unicode=True,
        sort_keys=False,
        width=WIDTH,
        default_flow_style=None,
    )
    return text.encode("utf-8")


def exported(document: Mapping[str, Any]) -> bytes:
    """Return a document as people are handed it: beside each kind of evidence the record that supplies it, as a comment.

    Lines are those of ``yaml_of``, and reading it gives the same document. A text that looks like evidence, broken over
    two lines, would take the comment for its own words; such a document goes out without comments.
    """
    plain = yaml_of(document)
    told = "\n".join(f"{line}{_supplied(line)}" for line in plain.decode().split("\n")).encode()
    return told if Document(told, Problems()).value == document else plain


def _supplied(line: str) -> str:
    keys = [key for key in EVIDENCE.findall(line) if key in catalogue()]
    records = dict.fromkeys(str(catalogue()[key].supplied_by) for key in keys)
    return f"  # {', '.join(records)}" if records else ""


def lines_of(document: Mapping[str, Any]) -> Callable[[Path], int]:
    """Return a function that tells the line of a place in the exported document; 1 where it cannot be written."""
    try:
        exported = yaml_of(document)
    except (yaml.YAMLError, UnicodeError):
        return lambda _path: 1
    return Document(exported, Problems()).line_of
