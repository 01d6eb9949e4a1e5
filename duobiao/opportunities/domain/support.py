"""What grade the support of a proof shows (architecture §1, b-playbook-8 §0.7)."""

from dataclasses import dataclass

from duobiao.playbooks.domain.model import Grade


@dataclass(frozen=True, slots=True)
class Support:
    """What stands behind a claimed fact.

    Attributes:
        record: A source record supplies it: a logged call, a held visit.
        words: A document or the customer is quoted, with the day.
        files: Files are attached.
        person: It is said who at the buyer said it, and by which channel.
        verified: A second person has verified it, or the buyer confirmed it through our link.
        second_person_required: The company wants buyer confirmations verified by a second person.
    """

    record: bool = False
    words: bool = False
    files: bool = False
    person: bool = False
    verified: bool = False
    second_person_required: bool = False

    @property
    def shows(self) -> Grade:
        """The strongest grade this support can carry."""
        if self.verified or self.files or (self.words and self.person):
            return Grade.BUYER_CONFIRMED
        if self.record or self.words:
            return Grade.DOCUMENTED
        return Grade.ASSERTED


def recorded_grade(claimed: Grade, ceiling: Grade, support: Support) -> tuple[Grade, str]:
    """Return the grade to keep, and why it is lower than claimed.

    Returns:
        The grade, with ``""``, ``"support"`` (what is attached shows less), ``"ceiling"`` (such a fact cannot be
        stronger) or ``"unverified"`` (a second person has yet to look).
    """
    grade, why = claimed, ""
    if support.shows < grade:
        grade, why = support.shows, "support"
    if ceiling < grade:
        grade, why = ceiling, "ceiling"
    if grade == Grade.BUYER_CONFIRMED and support.second_person_required and not support.verified:
        grade, why = Grade.DOCUMENTED, "unverified"
    return grade, why


def claim_of(*, files: int, by_buyer: bool, words: bool, person: bool) -> Grade:
    """Return the grade that a general form speaks for; nobody picks it (architecture §1).

    Args:
        files: How many files are attached.
        by_buyer: The buyer issued them: stamped, signed, replied, or a notice of a platform.
    """
    if (words and person) or (files and by_buyer):
        return Grade.BUYER_CONFIRMED
    return Grade.DOCUMENTED if files or words else Grade.ASSERTED
