"""Which labels are taken for which: how often two labels meet on an item, against what chance alone would give."""

import numpy as np
import polars as pl

from metrics.linearisation import quotient
from metrics.patterns import rating_patterns
from metrics.taxonomy import Taxonomy


def label_coincidences(counts: pl.DataFrame, taxonomy: Taxonomy) -> pl.DataFrame:
    """When one reviewer gave a label, what another reviewer of the item gave: every ordered pair of labels.

    From items of two ratings or more, each rating counting once, as alpha does. Columns: `label_a, label_b, items`
    (that carry both, or one twice), `pairs` (of ratings, weighed), `share` of `label_b` among the others where one is
    `label_a`, and `chance`, that share if labels fell on items at random; null where `label_a` was not given.
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, repository.upenn.edu/asc_papers/43.
    """
    patterns = rating_patterns(counts, taxonomy).pairable
    given, totals = patterns.counts, (patterns.items @ patterns.counts).astype(float)
    size = len(taxonomy.labels)
    one, other = np.divmod(np.arange(size * size), max(size, 1))
    same = one == other
    together = given[:, one] * (given[:, other] - same)
    pairs = patterns.items / (patterns.ratings - 1) @ together
    labels = pl.Series(taxonomy.labels, dtype=pl.String)
    return pl.DataFrame(
        {
            "label_a": labels.gather(one),
            "label_b": labels.gather(other),
            "items": patterns.items @ (together > 0),
            "pairs": pairs,
            "share": pl.Series(quotient(pairs, totals[one])).fill_nan(None),
            "chance": pl.Series(
                np.where(totals[one] > 0, quotient(totals[other] - same, np.full(same.size, totals.sum() - 1)), np.nan)
            ).fill_nan(None),
        }
    )
