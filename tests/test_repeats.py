"""Which of a reviewer's decisions on one item count."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import polars as pl
import pytest

from data.load import load
from data.store import create, open_workspace
from queries.ask import ask
from queries.filters import Filters

LOG = """item_id,reviewer_id,label,queue,decided_at
1,ann,x,one,2025-01-10T09:00:00Z
1,ann,y,two,2025-02-10T09:00:00Z
1,ann,z,two,2025-02-20T09:00:00Z
2,ann,x,one,2025-01-11T09:00:00Z
1,ben,x,one,2025-02-11T09:00:00Z
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """Ann decides three times on item 1: in January, and twice in February."""
    folder = tmp_path_factory.mktemp("repeats")
    (folder / "log.csv").write_text(LOG)
    create(folder / "workspace")
    load(folder / "workspace", "reviews", [folder / "log.csv"])
    with closing(open_workspace(folder / "workspace")) as workspace:
        yield workspace.engine


def labels(counts: pl.DataFrame) -> dict[str, int]:
    """How often each label counts."""
    return dict(counts.select("label", "reviews").sort("label").iter_rows())


def test_the_last_decision_counts_or_all(engine) -> None:
    assert labels(ask(engine, "label_counts", Filters())) == {"x": 2, "z": 1}
    assert labels(ask(engine, "label_counts", Filters(repeats="all"))) == {"x": 3, "y": 1, "z": 1}


@pytest.mark.parametrize(
    ("by", "value", "filters"),
    [
        ("month", date(2025, 1, 1), Filters(until=date(2025, 1, 31))),
        ("month", date(2025, 2, 1), Filters(since=date(2025, 2, 1))),
        ("queue", "one", Filters(queues=("one",))),
        ("queue", "two", Filters(queues=("two",))),
    ],
)
def test_a_slice_and_a_filter_for_it_agree(engine, by: str, value: object, filters: Filters) -> None:
    cut = ask(engine, "label_counts", Filters(), by=(by,)).filter(pl.col(by) == value)
    assert labels(cut) == labels(ask(engine, "label_counts", filters))


def test_a_filter_for_a_label_brings_no_superseded_decision_back(engine) -> None:
    assert ask(engine, "label_counts", Filters(labels=("y",))).is_empty()


def test_self_agreement_sees_every_consecutive_pair(engine) -> None:
    found = ask(engine, "self_pairs", Filters(repeats="all"))
    assert sorted(found.select("label_before", "label_after", "pairs").iter_rows()) == [("x", "y", 1), ("y", "z", 1)]


def test_reviews_are_cut_by_the_newest_model_version_that_scored_the_item(tmp_path) -> None:
    head = "item_id,model,model_version,scored_at\n"
    (tmp_path / "log.csv").write_text(LOG)
    (tmp_path / "scores.csv").write_text(f"{head}1,m,v1,2025-01-01T00:00:00Z\n1,m,v2,2025-01-02T00:00:00Z\n")
    create(tmp_path / "w")
    load(tmp_path / "w", "reviews", [tmp_path / "log.csv"])
    load(tmp_path / "w", "predictions", [tmp_path / "scores.csv"])
    with closing(open_workspace(tmp_path / "w")) as workspace:
        cut = ask(workspace.engine, "label_counts", Filters(), by=("model_version",))
        only = ask(workspace.engine, "label_counts", Filters(model_versions=("v2",)))
    assert set(cut.iter_rows()) == {("v2", "x", 1), ("v2", "z", 1), (None, "x", 1)}
    assert labels(only) == {"x": 1, "z": 1}
