"""Records of the library for the route matrix; all belong to the owner."""

from duobiao.knowledge.tests.factories import make_case, make_overview
from tests.support.routes import Sample, World


def library(world: World) -> dict[str, str]:
    """One half of the library."""
    del world
    return {"kind": "cases"}


def case(world: World) -> dict[str, str]:
    """A case."""
    return {"kind": "cases", "ref": make_case(world.owner, now=world.now).ref}


def overview(world: World) -> dict[str, str]:
    """A technology overview."""
    return {"kind": "technologies", "ref": make_overview(world.owner, now=world.now).ref}


SAMPLES: dict[str, Sample] = {"library_half": library, "reference_case": case, "technology_overview": overview}
