"""Who is compared with whom, when a metric judges a slice among its like."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import pytest

from dashboard import slices
from metrics.catalogue import CATALOGUE
from metrics.estimate import Estimate
from metrics.options import Options
from metrics.taxonomy import Taxonomy

COUNTS = pl.DataFrame(
    {
        "policy": ["spam", "spam", "scam", "scam", "scam"],
        "reviewer": ["ann", "ben", "ann", "ben", "cem"],
        "answers": [10, 20, 30, 40, 5],
    }
)


def above_the_rest(parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> list[Estimate]:  # noqa: ARG001
    """A slice's answers less the mean of those that it is compared with."""
    answers = [int(part["answers"].sum()) for part in parts]
    return [Estimate(each - sum(answers) / len(answers), None, None, each, "") for each in answers]


AMONG = replace(CATALOGUE["accuracy"], compute=None, compare=above_the_rest)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (("policy", "reviewer"), [5.0, 15.0, None, -5.0, 5.0]),
        (("reviewer",), [5.0, 25.0, None]),
        (("policy",), [22.5, -22.5]),
        ((), [0.0]),
    ],
)
def test_people_are_compared_within_a_policy_and_without_people_all_slices(
    by: tuple[str, ...], expected: list[float | None]
) -> None:
    """The third reviewer's five answers count in the comparison and are too few to be shown."""
    counts = COUNTS.group_by(by).agg(pl.col("answers").sum()) if by else COUNTS.select("answers")
    parts = list(slices.cut(counts, by, Options(), Taxonomy(())))
    found = slices.estimates(AMONG, parts, by, Taxonomy(()), least=10)
    assert [estimate.value for estimate in found] == expected
    assert all(estimate.note.startswith("withheld: 5 answers") for estimate in found if estimate.value is None)
