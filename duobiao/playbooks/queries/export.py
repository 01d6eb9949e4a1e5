"""Write a playbook as YAML, as the shipped files are written."""

from collections.abc import Callable, Mapping
from typing import Any

import yaml

from duobiao.playbooks.domain.document import Document
from duobiao.playbooks.domain.problems import Path, Problems
from duobiao.playbooks.domain.shape import in_order

WIDTH = 160


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


def lines_of(document: Mapping[str, Any]) -> Callable[[Path], int]:
    """Return a function that tells the line of a place in the exported document; 1 where it cannot be written."""
    try:
        exported = yaml_of(document)
    except (yaml.YAMLError, UnicodeError):
        return lambda _path: 1
    return Document(exported, Problems()).line_of
