"""Conflicts between people of a deal from its needs: one wants what another opposes; common ground is what both want."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from django.urls import reverse

from duobiao.needs.models import Need, NeedVoice, Voice
from duobiao.needs.queries.trees import live_needs
from duobiao.stakeholders.queries.chain import Chain
from duobiao.stakeholders.queries.conflicts import Conflict, Stand, stand_of

MOST_GROUND: Final = 3


def conflicts_of_needs(chain: Chain) -> Iterable[Conflict]:
    """Return needs that somebody wants and somebody else opposes, in the order of the tree; two queries.

    Common ground of two sides: other needs that somebody of each side wants, and nobody of them opposes.
    """
    rows = NeedVoice.objects.filter(
        need__opportunity=chain.deal, need__removed_at=None, noted_on__lte=chain.on
    ).select_related("contact")
    voices: dict[int, dict[str, list[NeedVoice]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.order_by("contact__name", "pk"):
        voices[row.need_id][row.voice].append(row)
    if not any(held[Voice.WANTS] and held[Voice.OPPOSES] for held in voices.values()):
        return
    needs = live_needs(chain.deal)
    for need in needs:
        held = voices[need.pk]
        if not (held[Voice.WANTS] and held[Voice.OPPOSES]):
            continue
        yield Conflict(
            about=need.text,
            url=reverse("needs:need", args=[need.ref]),
            ref=need.ref,
            sides=(_stands(chain, held[Voice.WANTS]), _stands(chain, held[Voice.OPPOSES])),
            ground=tuple(_ground(need, needs, voices))[:MOST_GROUND],
        )


def _stands(chain: Chain, rows: Iterable[NeedVoice]) -> tuple[Stand, ...]:
    figures = {figure.row.contact_id: figure for figure in chain.present}
    return tuple(stand_of(row.contact, row.note, figures.get(row.contact_id)) for row in rows)


def _ground(need: Need, needs: Iterable[Need], voices: dict[int, dict[str, list[NeedVoice]]]) -> Iterable[str]:
    wants, opposes = (_people(voices[need.pk][voice]) for voice in (Voice.WANTS, Voice.OPPOSES))
    for other in needs:
        held = voices[other.pk]
        wanted = _people(held[Voice.WANTS])
        against = _people(held[Voice.OPPOSES]) & (wants | opposes)
        if other.pk != need.pk and wanted & wants and wanted & opposes and not against:
            yield other.text


def _people(rows: Iterable[NeedVoice]) -> set[int]:
    return {row.contact_id for row in rows}
