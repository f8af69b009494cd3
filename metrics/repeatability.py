"""Agreement of a reviewer with themselves, from the counts of `self_pairs` (`label_before`, `label_after`, `pairs`)."""

import numpy as np
import polars as pl

from metrics.cohen import kappa_estimate, square_table
from metrics.estimate import Estimate, share
from metrics.grouping import narrowed
from metrics.options import Options
from metrics.taxonomy import Taxonomy

COUNTED = "items rated again by the same reviewer"
CELLS = ("label_before", "label_after", "pairs")


def self_agreement(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """How often a reviewer who meets an item again gives the label they gave before.

    Interval: Wilson score, which takes the pairs of decisions for independent.
    """
    table = square_table(counts.select(CELLS), taxonomy, narrowed(taxonomy, options)[2])
    return share(int(np.trace(table)), int(table.sum()), counted=COUNTED)


def self_agreement_kappa(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Cohen's kappa of a reviewer's earlier with their later labels, weighted where `options.weights` says so."""
    narrow, chosen, groups = narrowed(taxonomy, options)
    table = square_table(counts.select(CELLS), taxonomy, groups)
    question = "interval: these reviewers, other items that come back"
    return kappa_estimate(table, narrow, chosen, counted=COUNTED, question=question)
