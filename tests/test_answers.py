"""Answers that are more than one estimate per slice."""

from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from dashboard import answers
from dashboard.measure import measure, open_source
from data.contract import TABLES
from data.store import open_workspace
from queries.filters import Filters


def test_coincidences_hold_every_pairable_rating_and_give_alpha(adult2_workspace: Path) -> None:
    """All 825 raters count: alpha is one minus the observed over the expected share of unlike pairs."""
    with closing(open_workspace(adult2_workspace)) as workspace:
        source = open_source(workspace)
        found = answers.coincidences(source, Filters())
        alpha = measure(source, "krippendorff_alpha")["value"][0]
    totals = found.group_by("label_a").agg(pl.col("pairs").sum())
    unlike = found.filter(pl.col("label_a") != pl.col("label_b")).join(totals, on="label_a", suffix="_of_a")
    observed = unlike["pairs"].sum()
    expected = (unlike["pairs_of_a"] * unlike["chance"]).sum()
    assert alpha == pytest.approx(1 - observed / expected, abs=1e-12)


def test_what_is_off_names_what_is_missing(hatecheck_workspace: Path) -> None:
    with closing(open_workspace(hatecheck_workspace)) as workspace:
        health = answers.health(open_source(workspace))
    off = dict(health["features_off"].iter_rows())
    assert off["reviews.decided_at"] == "everything over time: trends, windows, freshness"
    assert off["predictions"] == TABLES["predictions"].switches_off
    assert "gold" not in off
    assert "labels.is_violating" not in off
