"""Kinds of papers for the route matrix."""

from tests.support.routes import Sample, World


def kind(world: World) -> dict[str, str]:
    """The template of all papers."""
    del world
    return {"paper": "common"}


SAMPLES: dict[str, Sample] = {"kind": kind}
