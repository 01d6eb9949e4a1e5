"""Records for the matrix of routes and roles."""

from duobiao.integrations.actions.calendar_feeds import make_calendar_feed
from duobiao.integrations.actions.make_export import ask_for_export, carry_out_export
from duobiao.integrations.models import ImportRun
from tests.support.routes import World


def import_run(world: World) -> dict[str, str]:
    """An import that is still being prepared."""
    run = ImportRun.objects.create(actor=world.owner, created_at=world.now)
    return {"ref": run.ref}


def calendar_feed(world: World) -> dict[str, str]:
    """A subscription of the owner."""
    return {"ref": make_calendar_feed(actor=world.owner, now=world.now).feed.ref}


def export(world: World) -> dict[str, str]:
    """An export of the owner that is ready."""
    made = ask_for_export(with_files=False, actor=world.owner, now=world.now)
    carry_out_export(made, now=world.now)
    return {"ref": made.ref}


SAMPLES = {"export": export, "import_run": import_run, "calendar_feed": calendar_feed}
