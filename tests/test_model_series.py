"""A model's numbers from day to day are those that the catalogue gives for each day by itself."""

import numpy as np
import polars as pl
import pytest

from metrics.model import agreement, model_kappa
from metrics.model_series import EVERYTHING, model_series
from metrics.options import Options
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("a", "b", "c"), declared=True)
GIVEN = ["a", "b", "c", None, "refusal"]


def drawn(random: np.random.Generator, names: list[str | None], size: int = 400) -> list[str | None]:
    return [names[place] for place in random.integers(0, len(names), size)]


def counts(kind: str) -> pl.DataFrame:
    """Counts of four days in two policies, with some rows that have no day or no policy."""
    random = np.random.default_rng(1)
    columns = {"policy": drawn(random, ["x", "y", None]), "day": random.integers(0, 5, 400)}
    number = random.integers(1, 9, 400)
    if kind == "audits":
        audits = {
            "standing": drawn(random, ["drawn", "not drawn"]),
            "stratum": drawn(random, ["low", "high"]),
            "inclusion_probability": drawn(random, [0.1, 0.5]),
            "label": drawn(random, GIVEN),
            "audit_label": drawn(random, ["a", "b", "c"]),
            "audits": number,
        }
        found = pl.DataFrame(columns | audits)
    else:
        right = {
            "pattern": drawn(random, ["2\x1fa", "1\x1fa\x1e2\x1fb", "1\x1fc", "1\x1fa\x1e1\x1fb"]),
            "gold_label": drawn(random, ["a", "b", "c"]),
        }
        found = pl.DataFrame(columns | {"model_label": drawn(random, GIVEN), kind: right[kind], "items": number})
    return found.with_columns(day=pl.when(pl.col("day") < 4).then("day"))


@pytest.mark.parametrize("kind", ["pattern", "gold_label", "audits"])
@pytest.mark.parametrize("by", [None, "policy"])
def test_every_day_of_every_slice_is_as_the_catalogue_has_it(kind: str, by: str | None) -> None:
    given = counts(kind)
    found = model_series(given, LABELS, by=by, period="day")
    assert list(found) == (["x", "y"] if by else [EVERYTHING])
    for name, series in found.items():
        for day, n, share, kappa in series.points.iter_rows():
            part = given.filter(pl.col("day") == day, pl.col("policy") == name if by else pl.lit(value=True))
            one, other = (each(part, LABELS, Options()) for each in (agreement, model_kappa))
            assert n == one.n
            assert share == pytest.approx(one.value, abs=1e-12)
            assert kappa == pytest.approx(other.value, abs=1e-12)


def test_a_day_on_which_all_say_the_same_has_no_kappa_and_a_log_of_nothing_no_series() -> None:
    rows = pl.DataFrame({"day": [1, 2, 2], "model_label": ["a", "a", "b"], "gold_label": ["a", "a", "b"], "items": 5})
    (series,) = model_series(rows, LABELS, by=None, period="day").values()
    assert series.points["model_human_kappa"].to_list() == [None, 1.0]
    assert model_series(rows.clear(), LABELS, by=None, period="day") == {}
