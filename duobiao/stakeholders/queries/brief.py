"""What a visitor should know of the people they are to meet: what each wants, looks at, has said, and what to bring."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from duobiao.customers.models import RelationCell
from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.queries.chain import Chain, Figure, load_chain
from duobiao.stakeholders.queries.matrix import matrix_of
from duobiao.stakeholders.queries.readouts import card_of
from duobiao.stakeholders.queries.report import judged_words


@dataclass(frozen=True, slots=True)
class PersonBrief:
    """One person in short; what is not known is "".

    Attributes:
        contact: Key of the contact.
        stance: With how sure it is, who said it, and who says otherwise.
        said: Their last words on record.
        bring: What to say or show: of their function, and the cells the stage asks for.
    """

    contact: int
    ref: str
    name: str
    part: str
    stance: str
    wants: str
    looks_at: str
    said: str
    bring: list[str]


def brief_people(deal: Opportunity, contacts: Collection[int], *, on: date) -> list[PersonBrief]:
    """Return the people of a deal's chain who are met, the weightiest first; nothing where nobody is on it.

    Args:
        contacts: Keys of the contacts who are met.
    """
    if not contacts:
        return []
    chain = load_chain(deal, on=on)
    met = [figure for figure in chain.present if figure.row.contact_id in contacts]
    lacking = _lacking(chain) if met else {}
    return [_brief(figure, lacking.get(figure.key, [])) for figure in met]


def _brief(figure: Figure, lacking: list[str]) -> PersonBrief:
    row = figure.row
    quotes = [seen.quote for rows in figure.seen.values() for seen in rows if seen.quote]
    card = card_of(row.function or row.contact.function)
    return PersonBrief(
        contact=row.contact_id,
        ref=str(row.ref),
        name=row.contact.name,
        part=str(row.get_role_display()),
        stance=judged_words(figure, Topic.STANCE),
        wants=row.goals,
        looks_at=row.concerns or card.get("concern", ""),
        said=quotes[0] if quotes else "",
        bring=[*([card["message"]] if card else []), *lacking],
    )


def _lacking(chain: Chain) -> dict[int, list[str]]:
    return {
        row.figure.key: [str(RelationCell(cell.square).label) for cell in row.lacking] for row in matrix_of(chain).rows
    }
