"""Appeals: how many decided ones changed the decision, cut as the decisions are, and what else they may say."""

from contextlib import closing

import pytest
from audited import log

from dashboard.measure import measure, open_source
from data.store import open_workspace
from metrics.appeals import BIASED
from metrics.catalogue import CATALOGUE
from metrics.estimate import wilson
from queries.filters import Filters

REVIEWS = [f"r{k},i{k},{'ann' if k < 4 else 'ben'},remove,p,2026-03-02T10:00:00Z" for k in range(8)]
AT = "2026-03-03T10:00:00Z,2026-03-04T10:00:00Z"
APPEALS = [
    *(f"r{k},{AT},overturned" for k in range(3)),
    *(f"r{k},{AT},upheld" for k in (3, 4, 5, 6)),
    "r7,2026-03-03T10:00:00Z,,",
    f"r9,{AT},overturned",
]
"""Three of Ann's four appeals overturned, none of Ben's three; one open, and one against no review."""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A log of eight removals, seven of which were appealed against and decided about."""
    with closing(open_workspace(log(tmp_path_factory.mktemp("appeals"), reviews=REVIEWS, appeals=APPEALS))) as opened:
        yield open_source(opened)


def test_the_overturn_rate_is_of_decided_appeals_and_says_whom_it_is_about(source):
    found = measure(source, "overturn_rate").row(0)
    assert found == (pytest.approx(3 / 7), *map(pytest.approx, wilson(3, 7)), 7, BIASED)


def test_it_is_cut_and_filtered_as_decisions_are(source):
    by = measure(source, "overturn_rate", by=("reviewer",))
    assert by.select("reviewer", "value", "n").rows() == [("ann", 0.75, 4), ("ben", 0.0, 3)]
    assert measure(source, "overturn_rate", filters=Filters(reviewers=("ben",)))["n"][0] == 3


def test_open_appeals_alone_have_no_rate(tmp_path):
    with closing(open_workspace(log(tmp_path, reviews=REVIEWS, appeals=APPEALS[7:8]))) as opened:
        found = measure(open_source(opened), "overturn_rate").row(0, named=True)
    assert (found["value"], found["n"], found["note"]) == (None, 0, "no decided appeals")


def test_another_outcome_is_quarantined_with_the_words_that_are_known(tmp_path):
    with closing(open_workspace(log(tmp_path, reviews=REVIEWS, appeals=[f"r1,{AT},granted"]))) as opened:
        reasons = opened.engine.fetch("select reason from quarantine", {})
    assert reasons["reason"].to_list() == ["outcome is neither upheld nor overturned"]


def test_appeals_are_part_of_no_accuracy():
    assert [name for name, metric in CATALOGUE.items() if metric.query == "appeals"] == ["overturn_rate"]
