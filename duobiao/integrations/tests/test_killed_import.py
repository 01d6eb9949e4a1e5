"""Drill: an import killed at any moment leaves whole batches and goes on."""

import os
import random
import signal
import subprocess
import time

import pytest
from django.db.models import Sum

from duobiao.customers.models import Customer
from duobiao.integrations.models import ImportBatch, ImportedRecord, ImportRun, RunState
from duobiao.integrations.tests.factories import administrator
from duobiao.opportunities.models import Closing, Opportunity
from duobiao.timeline.models import ChainHead, Entry, EntryDetail

pytestmark = [pytest.mark.drill, pytest.mark.halved, pytest.mark.django_db(transaction=True)]

SAMPLE, FULL = 2_000, 60_000
MAPPING = """
version: 1
source: drill
files:
  - {file: customers.csv, target: customers, external_id: id, columns: {name: name, parent: parent}}
  - file: deals.csv
    target: opportunities
    external_id: id
    columns: {name: name, customer: customer, outcome: outcome, closed_on: closed, opened_on: opened}
"""


def write_files(folder, count):
    (folder / "files").mkdir()
    customers = "".join(f"C{n},客户 {n},{'C0' if n else ''}\n" for n in range(60))
    deals = "".join(
        f"D{n},项目 {n},C{n % 60},{'LOST' if n % 3 else 'OPEN'},2025-01-01,{'2025-06-01' if n % 3 else ''}\n"
        for n in range(count)
    )
    (folder / "files" / "customers.csv").write_text("id,name,parent\n" + customers, encoding="utf-8")
    (folder / "files" / "deals.csv").write_text("id,name,customer,outcome,opened,closed\n" + deals, encoding="utf-8")
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")


def check_whole_batches():
    """Everything that stands in the database belongs to a batch with its checkpoint."""
    created = dict(ImportBatch.objects.filter(links=False).order_by().values_list("part").annotate(Sum("created")))
    assert Customer.objects.count() == created.get(0, 0)
    deals = Opportunity.objects.count()
    assert deals == created.get(1, 0)
    assert deals % 500 == 0
    assert ImportedRecord.objects.count() == sum(created.values())
    assert Entry.objects.filter(event="opportunities.opportunity_imported").count() == deals
    assert ChainHead.objects.filter(chain__startswith="P-").count() == deals
    assert EntryDetail.objects.count() == Entry.objects.count()
    assert Closing.objects.count() == Opportunity.objects.exclude(outcome="OPEN").count()
    return deals


def test_an_import_killed_again_and_again_leaves_whole_batches_and_comes_to_its_end(
    tmp_path, same_database, start_process, full_drill, figure
):
    """Row 1: SIGKILL at random moments: no partial batch, nothing acknowledged lost, the next run goes on."""
    administrator()
    count = FULL if full_drill else SAMPLE
    write_files(tmp_path, count)
    command = ("import", str(tmp_path / "files"), "--mapping", str(tmp_path / "mapping.yaml"))
    dice = random.Random(20260916)
    seen: list[int] = []
    while len(seen) < (100 if full_drill else 3):
        process = start_process(*command, env=same_database)
        if not kill_at_work(process, after=dice.uniform(0, 0.5)):
            break
        seen.append(check_whole_batches())

    process = start_process(*command, env=same_database)

    assert process.wait(timeout=300) == 0
    assert check_whole_batches() == count
    assert Customer.objects.exclude(parent=None).count() == 59
    assert len(seen) >= 2
    assert seen == sorted(seen)
    assert ImportRun.objects.filter(state=RunState.RUNNING).count() == 0
    print(f"deals after each kill: {seen}")
    figure(1, f"{len(seen)} kills at random moments: 0 partial batches, all {count} deals there after the last run")


def kill_at_work(process, *, after):
    """Kill an import some time after its first new batch; False when it came to its end before."""
    batches = ImportBatch.objects.count()
    while process.poll() is None and ImportBatch.objects.count() == batches:
        time.sleep(0.01)
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False
