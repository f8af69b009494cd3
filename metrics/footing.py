"""Whether there is enough variation for an interval to stand on."""

import numpy as np

from metrics.linearisation import Counts
from metrics.patterns import Patterns

FEWEST = 5


def shortage(patterns: Patterns, *, rests_on_disagreement: bool = True) -> str:
    """Why items with two ratings or more are too few for an interval; empty when they are not."""
    totals = patterns.items @ patterns.counts
    minority = int(patterns.items @ (patterns.ratings > patterns.counts[:, int(totals.argmax())]))
    disagreed = int(patterns.items @ ((patterns.counts > 0).sum(axis=1) > 1))
    return _sentence(minority, disagreed if rests_on_disagreement else FEWEST, "items")


def shortage_in_table(table: Counts, counted: str) -> str:
    """Why the cells of a square table are too few for an interval; empty when they are not."""
    common = int((table.sum(axis=0) + table.sum(axis=1)).argmax())
    total = int(table.sum())
    return _sentence(total - int(table[common, common]), total - int(np.trace(table)), counted)


def _sentence(minority: int, disagreed: int, counted: str) -> str:
    if minority < FEWEST:
        return f"no interval: {minority} {counted} have a label other than the commonest, fewer than {FEWEST}"
    if disagreed < FEWEST:
        return f"no interval: {disagreed} {counted} show disagreement, fewer than {FEWEST}"
    return ""
