"""What Today says needs attention."""

import polars as pl
import pytest

from dashboard.attention import Watched, findings
from metrics.catalogue import CATALOGUE


def watched(metric: str, overall: float | None, **sites: tuple[float | None, float | None, float | None]) -> Watched:
    """A metric by site: value, low and high of each."""
    rows = [(site, *numbers, 100, "") for site, numbers in sites.items()]
    schema = {
        "site": pl.String,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "n": pl.Int64,
        "note": pl.String,
    }
    return Watched(
        CATALOGUE[metric], "site", {"value": overall, "n": 1_000}, pl.DataFrame(rows, schema=schema, orient="row")
    )


def test_worse_is_below_or_above_as_the_metric_says() -> None:
    """A site is named when its whole interval is on the wrong side; one that is better is not."""
    spread = {"a": (0.5, 0.4, 0.6), "b": (0.8, 0.7, 0.9), "c": (0.95, 0.92, 0.98), "d": (None, None, None)}
    low, high = watched("accuracy", 0.8, **spread), watched("over_enforcement", 0.8, **spread)
    assert low.worse["site"].to_list() == ["a"]
    assert low.worse["beyond"].to_list() == pytest.approx([3.0])
    assert high.worse["site"].to_list() == ["c"]
    assert low.sentence() == (
        "1 of 3 sites lie wholly below the overall accuracy against gold of 80.0 %; chance alone would put about 0.1 "
        "there. Lowest: **a** 50 % (40 to 60)."
    )
    assert "wholly above the overall over-enforcement" in high.sentence()


def test_the_furthest_comes_first_and_chance_is_counted_over_all_that_was_compared() -> None:
    mild = watched("accuracy", 0.8, a=(0.7, 0.62, 0.78), b=(0.8, 0.7, 0.9))
    strong = watched("under_enforcement", 0.1, a=(0.4, 0.35, 0.45), b=(0.1, 0.05, 0.2))
    first, second, total = findings([mild, strong])
    assert "under-enforcement" in first
    assert "accuracy" in second
    assert total == "In all, 2 of 4 slices are worse than the whole; chance alone would put about 0 there."


def test_at_most_five_comparisons_are_told() -> None:
    """The rest is counted."""
    said = findings([watched("accuracy", 0.8, a=(0.5, 0.4, 0.6))] * 7)
    assert len(said) == 6
    assert said[-1].endswith("2 more comparisons are not listed.")


def test_nothing_is_said_where_nothing_is_worse_or_known() -> None:
    assert findings([]) == []
    assert (
        findings([watched("accuracy", None, a=(0.5, 0.4, 0.6)), watched("accuracy", 0.8, a=(None, None, None))]) == []
    )
