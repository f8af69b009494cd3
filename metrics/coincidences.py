"""Which labels are taken for which: how often two labels meet on an item, against what chance alone would give."""

import numpy as np
import polars as pl

from metrics.linearisation import quotient
from metrics.patterns import rating_patterns
from metrics.taxonomy import Taxonomy


def label_coincidences(counts: pl.DataFrame, taxonomy: Taxonomy) -> pl.DataFrame:
    """Every two labels, and each with itself, with how often they meet on items of two ratings or more.

    Columns: `label_a, label_b, items` (that carry both, or one twice), `observed` and `expected`. The last two count
    pairs of ratings so that every rating counts once, as alpha does; without such items `expected` is null. Source:
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, repository.upenn.edu/asc_papers/43.
    """
    patterns = rating_patterns(counts, taxonomy).pairable
    given, totals = patterns.counts, (patterns.items @ patterns.counts).astype(float)
    one, other = np.triu_indices(len(taxonomy.labels))
    same = one == other
    pairs = given[:, one] * (given[:, other] - same)
    orders = np.where(same, 1, 2)
    expected = orders * quotient(totals[one] * (totals[other] - same), np.array(max(totals.sum() - 1, 0)))
    labels = pl.Series(taxonomy.labels, dtype=pl.String)
    return pl.DataFrame(
        {
            "label_a": labels.gather(one),
            "label_b": labels.gather(other),
            "items": patterns.items @ (pairs > 0),
            "observed": orders * (patterns.items / (patterns.ratings - 1) @ pairs),
            "expected": pl.Series(expected).fill_nan(None),
        }
    )
