"""What the page on accuracy says of audits and appeals."""

import pytest
from audited import log
from pages import said
from test_app import opened

from dashboard import audited

REVIEWS = [f"r{k},i{k},mod,{'remove' if k < 20 else 'keep'},p{k % 2},2026-03-02T10:00:00Z" for k in range(120)]
APPEALS = ["r1,2026-03-03T10:00:00Z,2026-03-04T10:00:00Z,overturned"]


def audit_of(k: int, *, chance: bool, second: bool = False) -> str:
    """Every tenth removal was wrong, and so was one approval."""
    wrong = k % 10 == 0 if k < 20 else k == 50
    label = "remove" if (k < 20) != wrong else "keep"
    probability = ("1" if k < 20 else "0.1") if chance else ""
    return f"r{k},{'bud' if second else 'aud'},{label},2026-03-0{4 if second else 3}T10:00:00Z,,{probability},true"


DRAWN = [*range(20), *range(20, 120, 10)]


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The page of a log with these audits."""

    def open_page(audits: list[str]):
        return opened(log(tmp_path, reviews=REVIEWS, audits=audits, appeals=APPEALS), monkeypatch, "accuracy")

    return open_page


def test_weighted_and_naive_stand_side_by_side_and_appeals_apart(page):
    """18 removals and 90 approvals of 120 are right; naively, 27 of 30 audits are."""
    app = page([audit_of(k, chance=True) for k in DRAWN])
    assert not app.error
    text = said(app)
    assert "**90 %" in text
    assert "Naively counted alike, they would say 90 %" in text
    assert "Interval only: 1 audited misses, fewer than 5 (weighted 64.3 %)" in text
    assert "so how right auditors are is not known" in text
    assert "Who appeals is no sample" in text


def test_without_probabilities_the_page_says_that_the_design_is_unknown(page):
    text = said(page([audit_of(k, chance=False) for k in DRAWN]))
    assert ":orange[**Design unknown.**] 30 audits tell no inclusion probability" in text
    assert "design unknown · 95 % interval" in text


def test_double_audits_bring_the_cards_of_the_auditors(page):
    both = [audit_of(k, chance=True, second=second) for k in DRAWN for second in (False, True)]
    app = page(both)
    assert "The auditors themselves" in said(app)
    assert {"Agreement of auditors", "Corrected accuracy"} <= {metric.label for metric in app.metric}


def test_a_log_without_audits_says_what_would_bring_them(page):
    app = page([])
    assert "No decision that passes the filters was audited. Load an `audits` table." in said(app)


def test_the_watermark_lies_across_the_chart_of_an_unknown_design():
    row = {"value": 0.9, "low": 0.8, "high": 0.95, "n": 30, "note": audited.NO_DESIGN}
    numbers = {name: row for kind in (audited.WEIGHTED, audited.NAIVE) for name in kind}
    assert audited.side_by_side(numbers, sql="").frames["reference"]["text"].to_list() == ["design unknown"]
    known = {name: row | {"note": ""} for name in numbers}
    assert audited.side_by_side(known, sql="").frames["reference"].is_empty()
