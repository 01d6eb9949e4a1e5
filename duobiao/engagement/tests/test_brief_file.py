"""The brief as a Word file says what its page says."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from duobiao.customers.tests.factories import token
from duobiao.engagement.tests.factories import log, plan

pytestmark = pytest.mark.django_db


def read(content):
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([line.text for line in document.paragraphs] + cells)


def test_the_brief_is_handed_out_as_a_word_file(client, seller, customer, handler, deal):
    log(seller, handler, deal)
    visit = plan(seller, customer, deal, with_=handler, preparation="带两家案例\n采集表").visit
    client.force_login(seller)

    answer = client.get(reverse("engagement:visit_brief", args=[visit.ref]))

    assert answer.status_code == 200
    assert ".docx" in answer["Content-Disposition"]
    words = read(b"".join(answer.streaming_content))
    for said in ("苏北储能科技有限公司", "现状与改进", "☐ 带两家案例", "周建明", "峰谷策略靠人工排"):
        assert said in words


def test_a_stranger_gets_no_brief(client, api, stranger, seller, customer, deal):
    visit = plan(seller, customer, deal).visit
    client.force_login(stranger)

    assert client.get(reverse("engagement:visit_brief", args=[visit.ref])).status_code == 404
    assert api(token(stranger)).get(f"/visits/{visit.ref}/brief").status_code == 404


def test_the_brief_by_api(api, seller, customer, handler, deal):
    visit = plan(seller, customer, deal, with_=handler).visit
    mine = api(token(seller))

    told = mine.get(f"/visits/{visit.ref}/brief").json()
    assert (told["handler"], told["total"]) == (handler.ref, 12)
    assert told["asks"]
    assert "现状与改进" in read(b"".join(mine.get(f"/visits/{visit.ref}/brief/file").streaming_content))
