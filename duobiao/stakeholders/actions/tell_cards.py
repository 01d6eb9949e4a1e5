"""Let the cards of contacts show what chains know: the newest stance, influence and relation."""

from collections.abc import Collection

from duobiao.customers.models import Contact
from duobiao.stakeholders.queries.known import RELATION, cells_on_card, newest_cells, newest_words


def tell_cards(contacts: Collection[int]) -> None:
    """Write what chains know onto cards, so that lists, exports and introductions see it; what none knows stays.

    An erased card stays empty. The card is not edited by anybody: its version stays, and the audit trail is that of the observations.
    """
    words, cells = newest_words(contacts), newest_cells(contacts)
    for card in Contact.objects.filter(pk__in=[*words, *cells], erasure=None):
        values: dict[str, object] = {name: row.value for name, row in words.get(card.pk, {}).items()}
        if card.pk in cells:
            values[RELATION] = cells_on_card(card.relation_cells, cells[card.pk])
        changed = {name: value for name, value in values.items() if getattr(card, name) != value}
        if changed:
            Contact.objects.filter(pk=card.pk).update(**changed)
