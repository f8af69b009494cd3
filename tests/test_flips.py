"""What a shadow sample says of a new version: flips, removals, agreement, and what is said where it says nothing."""

from contextlib import closing
from math import comb
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from launched import TWO, workspace
from references import pattern
from statsmodels.stats.contingency_tables import SquareTable, mcnemar
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from dashboard.measure import measure, open_source
from data.store import open_workspace
from metrics.flips import BY_NAME, NO_REPEATED, NO_VOLUME, flip_rate, flips
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters

LABELS = Taxonomy(("keep", "warn", "remove"), violating=frozenset({"warn", "remove"}), declared=True)
SINGLE = [[50, 6, 14], [3, 10, 9], [1, 0, 30]]
"""Items by the only label under the old version (rows) and under the new one."""


def singles(table: list[list[int]], **more: str) -> pl.DataFrame:
    """The frame of `shadow_pairs` for items with one review under each version."""
    cells = [(old, new, n) for old, row in enumerate(table) for new, n in enumerate(row) if n]
    return pairs([(one(old), one(new), n) for old, new, n in cells], **more)


def one(label: int) -> list[int]:
    """One review with that label."""
    return [int(place == label) for place in range(3)]


def pairs(rows: list[tuple[list[int], list[int], int]], **more: str) -> pl.DataFrame:
    """The frame of `shadow_pairs` for label counts under the old version, under the new one, and items."""
    written = [(pattern(old, LABELS.labels), pattern(new, LABELS.labels), n) for old, new, n in rows]
    frame = pl.DataFrame(written, schema=["old_pattern", "new_pattern", "items"], orient="row")
    return frame.with_columns(is_known=pl.lit(value=True), **{name: pl.lit(value) for name, value in more.items()})


def test_flips_of_single_reviews_equal_statsmodels() -> None:
    """The share that flips has Wilson's interval, the paired difference Wald's error, and the tests are theirs."""
    found, table = flips(singles(SINGLE), LABELS), np.array(SINGLE)
    flipped, n = table.sum() - np.trace(table), table.sum()
    assert (found.flip_rate.value, found.flip_rate.n) == (pytest.approx(flipped / n), n)
    assert (found.flip_rate.low, found.flip_rate.high) == pytest.approx(proportion_confint(flipped, n, method="wilson"))
    sides = np.array([[50, 20], [4, 49]])
    assert found.violating_before.value == pytest.approx(53 / n)
    assert found.violating_after.value == pytest.approx(69 / n)
    assert found.violating_change.value == pytest.approx(16 / n)
    differences = np.repeat([1, -1, 0], [20, 4, 99])
    error = DescrStatsW(differences).std_mean
    scale = 1 - (16 / n) ** 2
    assert np.arctanh(found.violating_change.high) - np.arctanh(16 / n) == pytest.approx(
        1.959964 * error / scale, rel=1e-6
    )
    assert found.over_removal.value == pytest.approx(20 / 69)
    exact = mcnemar(sides, exact=True).pvalue
    assert found.mcnemar == pytest.approx(exact - 2 * 0.5 * _binomial(4, 24), rel=1e-9)
    square = SquareTable(table.astype(float), shift_zeros=False)
    assert found.stuart_maxwell == pytest.approx(square.homogeneity(method="stuart_maxwell").pvalue)
    assert found.bowker == pytest.approx(square.symmetry().pvalue)
    assert found.matrix.filter(old_label="keep", new_label="remove").row(0)[2:] == (14, pytest.approx(14 / n))


def _binomial(k: int, n: int) -> float:
    """The chance of k heads in n fair tosses."""
    return comb(n, k) / 2**n


def test_the_sentence_says_what_will_change() -> None:
    said = flips(singles(SINGLE), LABELS).sentence
    assert said.startswith(
        "26.8 % (19.8–35.3 %) of 123 items get another label under the new version; 13.0 (5.5–20.4) points more violate"
    )
    assert ", and the old version keeps 29.0 % (" in said
    fewer = flips(singles(np.transpose(SINGLE).tolist()), LABELS).sentence
    assert "; 13.0 (5.5–20.4) points fewer violate" in fewer


def test_removals_are_the_change_in_what_comes_in() -> None:
    found = flips(singles(SINGLE), LABELS, volumes={"": 12_300.0})
    assert found.removals.value == pytest.approx(1_600)
    assert found.removals.low == pytest.approx(found.violating_change.low * 12_300)
    unknown = flips(singles(SINGLE), LABELS).removals
    assert (unknown.value, unknown.note) == (None, NO_VOLUME)


def test_strata_weigh_by_what_comes_in() -> None:
    """A tenth of the items flips where nine tenths of the content are, and half of them elsewhere."""
    common = singles([[90, 0, 10], [0, 0, 0], [0, 0, 0]], stratum="en")
    rare = singles([[50, 0, 50], [0, 0, 0], [0, 0, 0]], stratum="de")
    volumes = {"en": 9_000.0, "de": 1_000.0, "fr": 500.0}
    found = flips(pl.concat([common, rare]), LABELS, volumes=volumes)
    assert found.flip_rate.value == pytest.approx(0.14)
    assert "500 items lie in strata without a sample" in found.flip_rate.note
    error = np.sqrt(0.9**2 * 0.1 * 0.9 / 99 + 0.1**2 * 0.5 * 0.5 / 99)
    worth = 0.14 * 0.86 / error**2
    expected = proportion_confint(0.14 * worth, worth, method="wilson")
    assert (found.flip_rate.low, found.flip_rate.high) == pytest.approx(expected)
    assert found.removals.value == pytest.approx(1_400)
    assert flips(pl.concat([common, rare]), LABELS).flip_rate.value == pytest.approx(0.3)


def test_ordinary_disagreement_is_told_from_change() -> None:
    """Reviews that differ between versions as often as within one are no change, though labels flip."""
    split = [([2, 0, 0], [1, 0, 1], 0), ([2, 0, 1], [1, 0, 2], 30), ([1, 0, 2], [2, 0, 1], 30)]
    noise = flips(
        pairs([*split, ([3, 0, 0], [3, 0, 0], 40), ([2, 0, 1], [2, 0, 1], 20), ([1, 0, 2], [1, 0, 2], 20)]), LABELS
    )
    between = (60 * 5 / 9 + 40 * 4 / 9) / 140
    within = 100 * (2 / 3) / 140
    assert noise.flip_rate.value == pytest.approx(60 / 140)
    assert noise.beyond_noise.value == pytest.approx(between - within)
    change = flips(pairs([([3, 0, 0], [0, 0, 3], 30), ([3, 0, 0], [3, 0, 0], 70)]), LABELS)
    assert change.beyond_noise.value == pytest.approx(0.3)
    assert flips(singles(SINGLE), LABELS).beyond_noise.note == NO_REPEATED


def test_agreement_under_both_versions_is_compared_on_the_same_items() -> None:
    """The difference is paired, and of what only the new version removes it is told how often reviewers split."""
    rows = [
        ([1, 0, 1], [0, 0, 2], 10),
        ([2, 0, 0], [2, 0, 0], 30),
        ([2, 0, 0], [0, 0, 2], 10),
        ([3, 0, 0], [1, 0, 2], 10),
    ]
    found = flips(pairs(rows), LABELS, agreement="percent_agreement")
    assert found.agreement_before == pytest.approx(50 / 60)
    assert found.agreement_after == pytest.approx((50 + 10 / 3) / 60)
    difference = np.repeat([1.0, 0, 0, 1 / 3 - 1], [10, 30, 10, 10])
    assert found.agreement_change.value == pytest.approx(difference.mean())
    half = DescrStatsW(difference).tconfint_mean()
    assert (found.agreement_change.low, found.agreement_change.high) == pytest.approx(half)
    assert found.split.value == pytest.approx(10 / 20)
    assert "10 items without a majority" in found.flip_rate.note


def test_nothing_that_changes_has_no_test() -> None:
    found = flips(singles([[20, 0, 0], [0, 0, 0], [0, 0, 9]]), LABELS)
    assert (found.flip_rate.value, found.mcnemar, found.stuart_maxwell, found.bowker) == (0, None, None, None)
    assert found.flip_rate.high > 0
    assert found.over_removal.value == 0


def test_labels_that_take_no_part_in_a_change_do_not_matter() -> None:
    """Between two labels Stuart and Maxwell's test is McNemar's, whatever other labels there are."""
    found = flips(singles([[20, 9, 0], [2, 5, 0], [0, 0, 9]]), LABELS)
    assert found.stuart_maxwell == pytest.approx(mcnemar([[20, 9], [2, 5]], exact=False, correction=False).pvalue)


def test_without_violating_labels_flips_are_known_and_removals_are_not() -> None:
    found = flips(singles(SINGLE), Taxonomy(LABELS.labels), volumes={"": 100.0})
    assert found.flip_rate.value is not None
    assert "is_violating" in found.removals.note
    assert (found.removals.value, found.mcnemar, found.split.value) == (None, None, None)
    assert found.sentence.endswith("get another label under the new version.")


def test_a_sample_of_nothing_is_undefined() -> None:
    found = flips(singles(SINGLE).clear(), LABELS)
    assert (found.flip_rate.value, found.flip_rate.n) == (None, 0)
    assert found.sentence.startswith("Nothing can be said on what will change: no items")
    assert found.matrix.is_empty()


def test_one_label_against_the_rest() -> None:
    """Changes from and to one label: of 123 items, 6 + 9 and 3 + 0 do so for the middle one."""
    found = flip_rate(singles(SINGLE), LABELS, Options(label="warn"))
    assert found.value == pytest.approx((6 + 9 + 3 + 0) / 123)


def sampled() -> list[str]:
    """Four items under two versions, and reviews that do not count: not blind, of stage gold, under one version."""
    rows = []
    for item, (old, new) in enumerate([("keep", "remove"), ("keep", "keep"), ("remove", "remove"), ("keep", "remove")]):
        for who, version, label in [("a", "v1", old), ("b", "v1", old), ("a", "v2", new), ("c", "v2", new)]:
            rows.append(f"{item}{who}{version},i{item},{who},{label},p,2026-05-01T10:00:00Z,{version},overlap,")
    rows.append("x1,i0,d,remove,p,2026-05-01T10:00:00Z,v1,overlap,false")
    rows += [f"g{v},g,a,{label},p,2026-05-01T10:00:00Z,{v},gold," for v, label in (("v1", "keep"), ("v2", "remove"))]
    return [*rows, "o1,only,a,keep,p,2026-05-01T10:00:00Z,v1,overlap,"]


@pytest.mark.parametrize(
    ("standards", "value", "is_by_name"),
    [
        (TWO, 0.5, False),
        (TWO[:1], 0.5, True),
        ([], 0.5, True),
        (["p,v2,2026-04-01T00:00:00Z", "p,v1,2026-05-10T00:00:00Z"], 0.5, False),
    ],
)
def test_the_sample_is_found_in_a_log(tmp_path: Path, standards: list[str], value: float, *, is_by_name: bool) -> None:
    """Two of four items flip; versions follow each other by date, or by name where `standards` lacks one."""
    with closing(open_workspace(workspace(tmp_path, reviews=sampled(), standards=standards))) as opened:
        counts = ask(opened.engine, "shadow_pairs", Filters())
        (row,) = measure(open_source(opened), "flip_rate").iter_rows(named=True)
    assert counts["items"].sum() == 4
    first = "v2" if standards[:1] == ["p,v2,2026-04-01T00:00:00Z"] else "v1"
    assert set(counts["old_version"]) == {first}
    assert (row["value"], row["n"]) == (value, 4)
    assert (BY_NAME in row["note"]) == is_by_name


def test_only_one_version_in_the_log_is_said_plainly(tmp_path: Path) -> None:
    rows = [row for row in sampled() if ",v1," in row]
    with closing(open_workspace(workspace(tmp_path, reviews=rows, standards=TWO))) as opened:
        (row,) = measure(open_source(opened), "flip_rate").iter_rows(named=True)
    assert (row["value"], row["note"]) == (None, "no items decided under two versions of a standard")
