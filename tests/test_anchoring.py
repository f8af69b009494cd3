"""Whether the model's answer on the screen is followed: by hand, and against what a simulated log knows."""

from contextlib import closing
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from simulated import Log, simulated

from data.load import load
from data.store import create, open_workspace
from metrics.anchoring import anchoring_lift
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters

LABELS = Taxonomy(("keep", "remove"), declared=True)
COLUMNS = ["shown", "shown_agreed", "blind", "blind_agreed"]
STRATUM = ["of_policy", "of_language", "of_stage"]
SIZE = {"reviews": 24_000, "days": 8, "reviewers": 60, "seed": 11}


def counted(*rows: tuple[int, int, int, int]) -> pl.DataFrame:
    """The frame of `anchoring`, each row a policy of its own."""
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row").with_row_index("of_policy")
    return frame.with_columns(of_language=pl.lit("en"), of_stage=pl.lit("live"))


def of_log(log: Log) -> pl.DataFrame:
    """The same of a simulated log, by its written tables alone; gold, which no model is shown beside, left out."""
    reviews = log.tables["reviews"].unique("review_id").filter(pl.col("stage") != "gold")
    said = log.tables["predictions"].select("item_id", model_label="label").unique("item_id")
    rows = reviews.join(said, on="item_id").with_columns(agreed=pl.col("label") == pl.col("model_label"))
    shown = pl.col("model_shown")
    return rows.group_by(of_policy="policy", of_language="language", of_stage="stage").agg(
        shown=shown.sum(),
        shown_agreed=(shown & pl.col("agreed")).sum(),
        blind=(~shown).sum(),
        blind_agreed=(~shown & pl.col("agreed")).sum(),
    )


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Log, Log]:
    """The same log without and with anchoring: who reviews what, and what is shown, is alike."""
    plain, planted = (tmp_path_factory.mktemp(name) for name in ("plain", "planted"))
    return simulated(plain, **SIZE), simulated(planted, "anchoring", **SIZE)


def test_one_stratum_is_a_plain_difference() -> None:
    found = anchoring_lift(counted((200, 170, 400, 280)), LABELS, Options())
    assert (found.value, found.n) == (pytest.approx(0.85 - 0.70), 600)
    error = np.sqrt(0.85 * 0.15 / 200 + 0.70 * 0.30 / 400)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * error, rel=0.01)


def test_a_mix_of_content_is_no_lift() -> None:
    """Within each policy both agree alike; the answer is shown mostly where agreement is easy."""
    counts = counted((900, 855, 100, 95), (100, 50, 900, 450))
    found = anchoring_lift(counts, LABELS, Options())
    assert found.value == pytest.approx(0, abs=1e-12)
    pooled = anchoring_lift(counted((1000, 905, 1000, 545)), LABELS, Options())
    assert pooled.value == pytest.approx(0.36)


def test_strata_of_one_kind_are_left_out_with_a_word() -> None:
    found = anchoring_lift(counted((200, 170, 400, 280), (50, 50, 0, 0)), LABELS, Options())
    assert found.value == pytest.approx(0.15)
    assert "50 reviews with the answer shown have no like without" in found.note


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([(0, 0, 10, 5)], "no review was made with the model's answer on the screen"),
        ([(10, 5, 0, 0)], "no review was made without the model's answer on the screen"),
        ([(10, 5, 0, 0), (0, 0, 10, 5)], "no policy, language and stage has reviews of both kinds"),
    ],
)
def test_undefined_says_why(rows: list[tuple[int, int, int, int]], why: str) -> None:
    found = anchoring_lift(counted(*rows), LABELS, Options())
    assert (found.value, found.n, found.note) == (None, 0, why)


def test_intervals_hold_the_truth_in_few_large_and_in_many_small_strata() -> None:
    generator = np.random.default_rng(3)
    for strata, reviews in ((4, 400), (200, 6)):
        inside = []
        for _ in range(400):
            base = generator.uniform(0.5, 0.8, strata)
            shown = generator.binomial(reviews, 0.4, strata)
            agreed, blind_agreed = generator.binomial(shown, base + 0.1), generator.binomial(reviews - shown, base)
            counts = counted(*zip(shown, agreed, reviews - shown, blind_agreed, strict=True))
            found = anchoring_lift(counts, LABELS, Options())
            inside.append(found.low <= 0.1 <= found.high)
        assert 0.92 <= np.mean(inside) <= 0.98


def test_planted_anchoring_is_found_at_its_size_and_none_where_none_is(logs: tuple[Log, Log]) -> None:
    """The truth: how much more often the very same reviews agree than they would have without the fault."""
    plain, planted = logs
    said = planted.tables["predictions"].select("item_id", model_label="label").unique("item_id")
    shown = planted.tables["reviews"].filter("model_shown").unique("review_id").join(said, on="item_id")
    before = plain.tables["reviews"].unique("review_id").select("review_id", would_be="label")
    both = shown.join(before, on="review_id")
    assert both.height == shown.height
    lift = both.select(
        (pl.col("label") == pl.col("model_label")).mean() - (pl.col("would_be") == pl.col("model_label")).mean()
    ).item()
    found, none = (anchoring_lift(of_log(log), LABELS, Options()) for log in (planted, plain))
    assert lift > 0.03
    assert found.low <= lift <= found.high
    assert found.low > 0
    assert none.low <= 0 <= none.high


def test_the_query_counts_reviews_with_the_answer_in_force(tmp_path: Path) -> None:
    """The second review came after the second version; one that saw somebody else's decision is left out."""
    tables = {
        "reviews": [
            "item_id,reviewer_id,label,policy,decided_at,is_blind,model_shown",
            "a,one,keep,p,2026-03-02T10:00:00Z,true,false",
            "a,two,keep,p,2026-03-20T10:00:00Z,true,true",
            "a,three,keep,p,2026-03-20T11:00:00Z,false,false",
            "b,one,remove,p,2026-03-02T10:00:00Z,,",
        ],
        "predictions": [
            "item_id,model,model_version,scored_at,label",
            "a,m,v1,2026-03-01T10:00:00Z,keep",
            "a,m,v2,2026-03-10T10:00:00Z,remove",
            "b,m,v1,2026-03-01T10:00:00Z,",
        ],
    }
    create(tmp_path / "workspace")
    for table, lines in tables.items():
        (tmp_path / f"{table}.csv").write_text("\n".join(lines) + "\n")
        load(tmp_path / "workspace", table, [tmp_path / f"{table}.csv"])
    with closing(open_workspace(tmp_path / "workspace")) as workspace:
        for by in ((), ("model_version",)):
            found = ask(workspace.engine, "anchoring", Filters(), by=by).select(pl.col(COLUMNS).sum())
            assert found.rows() == [(1, 0, 2, 1)]
