"""All tables of a simulated log, end to end: every row lands, the counts add up, and a second load changes nothing."""

from contextlib import closing
from pathlib import Path

import pytest

from data import simulate as simulating
from data.contract import TABLES
from data.load import load
from data.simulate import simulate
from data.simulation.faults import FAULTS, plant
from data.simulation.plan import Plan
from data.store import create, open_workspace

POLICIES = {"standard_change": "harassment", "stale_gold": "violence"}
PLAN = Plan(
    reviews=6_000,
    days=14,
    reviewers=40,
    gold_share=0.2,
    faults=tuple(plant(name, **({"policy": POLICIES[name]} if name in POLICIES else {})) for name in FAULTS),
)
"""A small log with every fault."""


@pytest.fixture(params=["parquet", "csv", "daily parquet"])
def log(request, tmp_path, monkeypatch) -> tuple[dict[str, Path], dict[str, int]]:
    """The file, or the folder, of each table, and how many rows were written."""
    *daily, form = request.param.split()
    if daily:
        monkeypatch.setattr(simulating, "MOST_IN_ONE_FILE", PLAN.reviews - 1)
    rows = simulate(tmp_path / "log", PLAN, form=form)
    files = {table: tmp_path / "log" / f"{table}.{form}" for table in TABLES}
    return files | ({"reviews": tmp_path / "log" / "reviews"} if daily else {}), dict(rows)


def stored(workspace: Path) -> dict[str, int]:
    """How many rows each table of a workspace holds."""
    with closing(open_workspace(workspace)) as opened:
        counted = "select count(*) as n from "  # The names that follow are the contract's.
        return {table: opened.engine.fetch(counted + table, {}).item() for table in TABLES}


def test_every_row_lands_and_a_second_load_changes_nothing(log, tmp_path):
    files, rows = log
    create(tmp_path / "workspace")
    for table in TABLES:
        report = load(tmp_path / "workspace", table, [files[table]])
        assert (report.read, report.quarantined, report.reasons) == (rows[table], 0, {}), table
        assert (report.unmapped, report.notes) == ((), ()), table
    held = stored(tmp_path / "workspace")
    assert all(held[table] == rows[table] for table in TABLES if table != "reviews")
    assert 0.9 * PLAN.reviews < held["reviews"] < rows["reviews"]
    for table in TABLES:
        report = load(tmp_path / "workspace", table, [files[table]])
        assert (report.unchanged, report.loaded, report.quarantined) == (rows[table], 0, 0), table
    assert stored(tmp_path / "workspace") == held
