"""Row 22: what belongs to another team moves no figure of a stranger's pages."""

from datetime import UTC, datetime

import pytest

from duobiao.competition.models import Rival
from duobiao.opportunities.models import Product
from duobiao.search.models import SearchDocument
from tests.security.test_leaks import COMPANY_WIDE, EXPORTS, LISTS, browser_of, own_rows, plain, program_of, text_of
from tests.support.everything import everything, people

pytestmark = pytest.mark.django_db


def test_counts_and_sums_do_not_move_with_hidden_rows(monkeypatch, figure):
    """Row 22: with and without the rows of another team a stranger's pages are the same, figure for figure."""
    moment = datetime(2026, 9, 14, 2, 0, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    world = people(moment)
    own_rows(world)
    stranger, program = browser_of(world.actors["stranger"]), program_of(world.actors["stranger"])
    lists = [path for path in LISTS if path not in COMPANY_WIDE]
    everywhere = [*lists, *EXPORTS[:1], "/search/?q=自己", "/pipeline/list/?q=自己"]
    api = ["/api/v1/customers", "/api/v1/contacts", "/api/v1/opportunities", "/api/v1/calls", "/api/v1/visits"]

    def seen() -> dict[str, str]:
        pages = {path: plain(text_of(stranger.get(path))) for path in everywhere}
        return pages | {path: text_of(program.get(path)) for path in api}

    seen()  # the first visit may set cookies of its own
    before = seen()
    everything(world)
    Product.objects.all().delete()
    SearchDocument.objects.filter(kind=Rival.kind).delete()  # rivals, like products, are the whole company's
    after = seen()

    moved = [path for path, text in after.items() if text != before[path]]
    figure(22, f"{len(moved)} of {len(after)} pages and lists changed when another team's rows were added")
    assert moved == []
