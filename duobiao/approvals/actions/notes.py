"""Words that go with an act."""

from django.utils.translation import gettext as _

from duobiao.kernel.refusals import Invalid

LONGEST_NOTE = 500


def note_of(note: str, *, needed: bool = False) -> str:
    """Return a note without blanks around it.

    Raises:
        Invalid: it is too long, or empty where one is needed.
    """
    note = note.strip()
    if len(note) > LONGEST_NOTE or "\x00" in note:
        message = _("At most %(n)d characters.") % {"n": LONGEST_NOTE}
        raise Invalid(message, fields={"note": message})
    if needed and not note:
        message = _("Write in the note why.")
        raise Invalid(message, fields={"note": message})
    return note
