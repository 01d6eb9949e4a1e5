"""Documents for the route matrix."""

from duobiao.documents.models import Attachment
from duobiao.documents.tests import factories
from tests.support.routes import Sample, World


def own_document(world: World) -> dict[str, str]:
    """A file that only its uploader sees."""
    return {"ref": factories.upload(world.owner).ref}


def filed_document(world: World) -> dict[str, str]:
    """A file on the account of the owner, which only administrators see."""
    document = factories.upload(world.owner)
    subject = {"subject_kind": "user", "subject_ref": world.owner.ref}
    Attachment.objects.create(
        document=document, chain=world.owner.ref, added_by=world.owner, added_at=world.now, **subject
    )
    return {"ref": document.ref, **subject}


def files_of_person(world: World) -> dict[str, str]:
    """The files on the account of the owner, addressed by the account."""
    return {"kind": "user", "ref": world.owner.ref, "document": filed_document(world)["ref"]}


SAMPLES: dict[str, Sample] = {
    "own_document": own_document,
    "filed_document": filed_document,
    "files_of_person": files_of_person,
}
