"""What is wrong with a chain, in the reader's language."""

from django.utils.translation import gettext as _

from duobiao.approvals.domain.chain import ChainFault


def fault_words(fault: ChainFault) -> str:
    """Return the message of a fault, translated."""
    words = {
        "A chain needs at least one step.": _("A chain needs at least one step."),
        "At most 12 steps.": _("At most 12 steps."),
        "Two steps have the same key.": _("Two steps have the same key."),
        "At least one step must always be needed.": _("At least one step must always be needed."),
        "Name the step in Chinese and in English, at most 60 characters each.": _(
            "Name the step in Chinese and in English, at most 60 characters each."
        ),
        "Name a role.": _("Name a role."),
        "Name 1 to 20 people.": _("Name 1 to 20 people."),
        "Name an amount, or a fact and its value.": _("Name an amount, or a fact and its value."),
        "Something is missing here.": _("Something is missing here."),
        "There is no such field.": _("There is no such field."),
        "Write at most 60 characters.": _("Write at most 60 characters."),
        "The number is out of range.": _("The number is out of range."),
        "Choose one of those offered.": _("Choose one of those offered."),
        "Somebody named here does not work here.": _("Somebody named here does not work here."),
    }
    return words.get(fault.message, fault.message)
