"""The alternative annotator test, against the authors' own results, and counted in SQL against counting by hand."""

from collections import Counter
from contextlib import closing
from typing import Any

import numpy as np
import polars as pl
import pytest
from references import cases
from scipy.stats import ttest_1samp

from data.load import load
from data.store import create, open_workspace
from metrics.alternative_annotator import advantage_probability, trial, winning_rate
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters

LABELS = Taxonomy(("a", "b"), declared=True)
COLUMNS = ["model_closer", "alike", "reviewer_closer"]


@pytest.fixture(scope="module")
def relabelled(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The reviews of sixty items with the model's answer, which is none for some, and what the query counts of them."""
    folder, generator = tmp_path_factory.mktemp("annotators"), np.random.default_rng(7)
    said = dict(enumerate(generator.choice(["a", "b", "none of them"], 60).tolist()))
    given = [
        (f"i{item}", f"r{reviewer}", str(generator.choice(["a", "b"])), said[item])
        for item in said
        for reviewer in generator.choice(5, generator.integers(1, 5), replace=False)
    ]
    rows = pl.DataFrame(given, schema=["item_id", "reviewer_id", "label", "model_label"], orient="row")
    rows.with_row_index("review_id").drop("model_label").write_csv(folder / "reviews.csv")
    answers = rows.select("item_id", model=pl.lit("m"), model_version=pl.lit("v1"), label="model_label").unique()
    answers.write_csv(folder / "predictions.csv")
    create(folder / "workspace")
    for table in ("reviews", "predictions"):
        load(folder / "workspace", table, [folder / f"{table}.csv"])
    with closing(open_workspace(folder / "workspace")) as workspace:
        return rows, ask(workspace.engine, "alternative_annotators", Filters())


def counted(rows: list[list[int]]) -> pl.DataFrame:
    """The frame of `alternative_annotators`."""
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


@pytest.mark.parametrize("case", cases("alternative_annotator").values(), ids=lambda case: case["id"])
def test_published_results_come_out_as_printed(case: dict[str, Any]) -> None:
    counts, options = counted(case["inputs"]["counts"]), Options(margin=case["inputs"]["margin"])
    found = {"winning_rate": winning_rate, "advantage_probability": advantage_probability}
    for name, metric in found.items():
        assert f"{metric(counts, LABELS, options).value:.2f}" == f"{case['expected'][name]['value']:.2f}"


def test_p_values_are_scipys() -> None:
    rows = [[12, 60, 8], [3, 40, 9], [0, 50, 0]]
    differences = [np.repeat([-1, 0, 1], row) for row in rows[:2]]
    expected = [ttest_1samp(each, 0.15, alternative="less").pvalue for each in differences]
    np.testing.assert_allclose(trial(counted(rows), margin=0.15).p, [*expected, 0.0], rtol=1e-9)


def test_a_wider_margin_never_takes_a_win_away() -> None:
    counts = counted([[5, 60, 12], [6, 70, 14], [2, 40, 8]])
    rates = [winning_rate(counts, LABELS, Options(margin=margin)).value for margin in (0.05, 0.1, 0.15, 0.2, 0.5)]
    assert rates == sorted(rates)


def test_it_answers_in_words() -> None:
    yes = winning_rate(counted([[5, 90, 5]] * 3 + [[1, 1, 1]]), LABELS, Options())
    assert yes.note == (
        "yes: of 3 of 3 reviewers the model is shown to be as like the others, within 15 %; "
        "1 with fewer than 30 such items were not tested"
    )
    no = winning_rate(counted([[0, 50, 50]] * 3), LABELS, Options())
    assert no.value == 0
    assert no.note.startswith("not shown: only of 0 of 3 reviewers")
    few = winning_rate(counted([[5, 90, 5]] * 2), LABELS, Options())
    assert (few.value, few.n) == (None, 2)
    assert few.note.startswith("too few to say: 2 reviewers have 30 items")


def test_models_that_are_worse_seldom_pass() -> None:
    """Each reviewer closer by exactly the margin: of 300 logs at most one in twenty finds anybody to replace."""
    generator = np.random.default_rng(9)
    shares = [0.1, 0.65, 0.25]
    found = [trial(counted(generator.multinomial(100, shares, size=6).tolist()), margin=0.15).won for _ in range(300)]
    assert np.mean(np.array(found) > 0) <= 0.05


def test_counts_are_those_of_counting_by_hand(relabelled: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    """Leave one out, ask who is more often like the rest: item by item, in plain Python."""
    rows, counts = relabelled
    tally: dict[str, Counter[str]] = {}
    for _, item in rows.group_by("item_id"):
        said = item["model_label"][0]
        for reviewer, label in item.select("reviewer_id", "label").iter_rows():
            rest = item.filter(pl.col("reviewer_id") != reviewer)["label"].to_list()
            if rest:
                model, own = rest.count(said), rest.count(label)
                outcome = COLUMNS[0] if model > own else COLUMNS[1] if model == own else COLUMNS[2]
                tally.setdefault(reviewer, Counter())[outcome] += 1
    expected = [(reviewer, *(tally[reviewer][name] for name in COLUMNS)) for reviewer in sorted(tally)]
    assert counts.sort("reviewer_id").select("reviewer_id", *COLUMNS).rows() == expected
