"""What became of appeals, from the counts of `appeals` (`outcome, appeals`).

Who appeals is no sample of anything: mostly decisions to enforce, and wrong ones more often than right ones. So this is
a signal of where to look, and no part of any accuracy.
"""

import polars as pl

from metrics.estimate import Estimate, share
from metrics.options import Options
from metrics.taxonomy import Taxonomy

BIASED = "of those who appealed, which is no sample: not an accuracy"


def overturn_rate(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:  # noqa: ARG001 - as every metric
    """The share of decided appeals that changed the decision, with Wilson's interval; open ones do not count."""
    appeals = dict(counts.group_by("outcome").agg(pl.col("appeals").sum()).iter_rows())
    overturned, upheld = appeals.get("overturned", 0), appeals.get("upheld", 0)
    return share(overturned, overturned + upheld, counted="decided appeals", note=BIASED)
