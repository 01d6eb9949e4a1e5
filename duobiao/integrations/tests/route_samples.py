"""Records for the matrix of routes and roles."""

from duobiao.integrations.models import ImportRun
from tests.support.routes import World


def import_run(world: World) -> dict[str, str]:
    """An import that is still being prepared."""
    run = ImportRun.objects.create(actor=world.owner, created_at=world.now)
    return {"ref": run.ref}


SAMPLES = {"import_run": import_run}
