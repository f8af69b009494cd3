"""Fewer labels than were given: one label against the rest, violating against not."""

from dataclasses import replace

import numpy as np

from metrics.linearisation import Counts
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError


def narrowed(taxonomy: Taxonomy, options: Options) -> tuple[Taxonomy, Options, Counts]:
    """The labels that the options leave, the options that suit them, and the new position of every old label.

    `options.label` leaves two labels, of which it is the violating one; two labels are nominal and weigh nothing.
    """
    codes = np.arange(len(taxonomy.labels))
    if options.label is None:
        return taxonomy, options, codes
    rest = (codes != taxonomy.code(options.label)).astype(np.int64)
    pair = Taxonomy((options.label, f"not {options.label}"), violating=frozenset({options.label}), declared=True)
    return pair, replace(options, level="nominal", weights="none"), rest


def violating_or_not(taxonomy: Taxonomy) -> Counts:
    """The grouping of labels into violating (0) and not (1)."""
    if taxonomy.violating is None:
        raise UndefinedError("needs to know which labels violate: give `is_violating` in labels")
    return np.array([label not in taxonomy.violating for label in taxonomy.labels], dtype=np.int64)
