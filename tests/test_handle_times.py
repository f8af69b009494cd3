"""How long answers take: accuracy by doublings of the seconds, and the median, against the times themselves."""

from contextlib import closing
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.proportion import proportion_confint

from data.load import load
from data.store import open_workspace
from metrics.handle_times import accuracy_by_handle_time, median_handle_time
from queries.ask import ask
from queries.filters import Filters

STARTS = (0, *(2**power for power in range(1, 11)))


def counts_of(seconds: np.ndarray, right: np.ndarray) -> pl.DataFrame:
    """The frame of `handle_times` for answers that took so long."""
    place = np.searchsorted(STARTS, seconds, side="right") - 1
    rows = pl.DataFrame({"from_second": np.array(STARTS)[place], "is_right": right})
    return rows.group_by("from_second", "is_right").agg(answers=pl.len())


def test_each_doubling_has_its_share_and_wilsons_interval() -> None:
    """Three right and one wrong within 8 to 16 seconds, one wrong before 2, one right that took an hour."""
    found = accuracy_by_handle_time(counts_of(np.array([8, 9, 15.9, 12, 1, 3600]), np.array([1, 1, 1, 0, 0, 1]) > 0))
    assert found.select("from_second", "to_second", "value", "n").rows() == [
        (0, 2, 0.0, 1),
        (8, 16, 0.75, 4),
        (1024, None, 1.0, 1),
    ]
    assert found.select("low", "high").row(1) == pytest.approx(proportion_confint(3, 4, method="wilson"))


@pytest.mark.parametrize("median", [20, 31, 45, 60, 100])
def test_the_median_is_near_that_of_the_times_and_its_interval_holds_the_true_one(median: float) -> None:
    """Of 300 samples of log-normal times it does so for 93 in 100 or more: counts in bins vary less than ranks."""
    random, held, ratios = np.random.default_rng(1), 0, []
    for _ in range(300):
        seconds = np.exp(random.normal(np.log(median), 0.7, 150))
        found = median_handle_time(counts_of(seconds, seconds > 0))
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= median <= found.high
        ratios.append(found.value / np.median(seconds))
    assert held / 300 >= 0.93
    assert np.mean(ratios) == pytest.approx(1, abs=0.04)


@pytest.mark.parametrize(
    ("seconds", "value", "note"),
    [
        ([], None, "no answer on gold has a handle time"),
        ([5000, 6000, 30], None, "most answers took more than 1,024 seconds"),
    ],
)
def test_without_a_median_the_note_says_why(seconds: list[float], value: None, note: str) -> None:
    found = median_handle_time(counts_of(np.array(seconds), np.ones(len(seconds)) > 0))
    assert (found.value, found.note) == (value, note)


def test_the_query_puts_times_into_doublings_and_leaves_out_what_has_none(workspace: Path, tmp_path: Path) -> None:
    """Just below two seconds is the first bin, two seconds the next; decided before claimed is no handle time."""
    times = ["10:00:01.999", "10:00:02", "10:00:05", "10:59:59", "09:59:59", ""]
    rows = [f"r{n},i{n},p,keep,2026-03-01T10:00:00Z,{t and f'2026-03-01T{t}Z'}" for n, t in enumerate(times)]
    (tmp_path / "log.csv").write_text("review_id,item_id,reviewer_id,label,claimed_at,decided_at\n" + "\n".join(rows))
    (tmp_path / "gold.csv").write_text(
        "item_id,label\n" + "".join(f"i{n},{'keep' if n else 'remove'}\n" for n in range(6))
    )
    load(workspace, "reviews", [tmp_path / "log.csv"])
    load(workspace, "gold", [tmp_path / "gold.csv"])
    with closing(open_workspace(workspace)) as opened:
        found = ask(opened.engine, "handle_times", Filters(), by=("reviewer",)).sort("from_second")
    assert found.rows() == [("p", 0, False, 1), ("p", 2, True, 1), ("p", 4, True, 1), ("p", 1024, True, 1)]
