"""What a model said beside what is right by the reference, read from the counts of a question about models.

The reference is what most independent reviews of an item say (counts with `pattern`), its gold label (`gold_label`), or
the auditor's label (`standing` and the rest of `model_audits`). An answer that is none of the labels, or no answer, is
an outcome of its own: it is never right, and never left out.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.audit_tables import Sample, counted, weighed
from metrics.linearisation import Array, Counts
from metrics.patterns import label_codes, rating_patterns
from metrics.taxonomy import Taxonomy

NO_LABEL = "(no label)"
"""What an answer is called that is none of the labels."""
NO_ITEMS = "no item that the model answered has a right label by this reference"


@dataclass(frozen=True, slots=True)
class Held:
    """Kinds of items: what the model said, what is right, and how many there are.

    `answer` and `right` are positions of labels; the answer that is none of them has the position after the last. Of
    audits, a kind stands for `weights` decisions an audit and was drawn with `chances`, in `strata`; else these are 1,
    0 and 0. `note` says what was left out.
    """

    answer: Counts
    right: Counts
    items: Counts
    weights: Array
    chances: Array
    strata: Counts
    labels: int
    is_sample: bool
    note: str

    @property
    def n(self) -> int:
        """How many items, or audits, there are."""
        return int(self.items.sum())

    @property
    def table(self) -> Counts:
        """The items by answer (rows) and right label (columns), both with a last place for no label."""
        size = self.labels + 1
        cells: Counts = np.bincount(self.answer * size + self.right, self.items, size * size).astype(np.int64)
        return cells.reshape(size, size)

    def sample(self, said: Array, found: Array) -> Sample:
        """The audits as the estimators of audits take them, by what was said and found of each kind."""
        sides, findings = said.astype(np.int64), found.astype(np.int64)
        naive = np.bincount(2 * sides + findings, self.items, 4).astype(float).reshape(2, 2)
        groups = np.unique(2 * self.strata + sides, return_inverse=True)[1]
        return Sample(self.items, self.weights, self.chances, groups, sides, findings, self.note, naive)


def held(counts: pl.DataFrame, taxonomy: Taxonomy, groups: Counts, *, labels: int) -> Held:
    """The kinds of items that a frame holds, labels merged into so many `groups`."""
    if "standing" in counts.columns:
        return _audited(counted(counts), taxonomy, groups, labels=labels)
    answer = answers(counts["model_label"], taxonomy, groups, labels=labels)
    items = counts["items"].to_numpy().astype(np.int64)
    if "pattern" in counts.columns:
        right, note = consensus(counts, taxonomy, groups, labels=labels)
    else:
        right, note = groups[label_codes(counts["gold_label"], taxonomy).to_numpy()], ""
    known = right >= 0
    none, kinds = np.zeros(int(known.sum())), (answer[known], right[known], items[known])
    return Held(*kinds, none + 1, none, none.astype(np.int64), labels, is_sample=False, note=note)


def answers(given: pl.Series, taxonomy: Taxonomy, groups: Counts, *, labels: int) -> Counts:
    """The positions of a model's answers among grouped labels; the one after the last is no label."""
    known = given.cast(pl.String).is_in(list(taxonomy.labels)).fill_null(value=False)
    codes = label_codes(given.filter(known), taxonomy).to_numpy()
    found: Counts = np.full(len(given), labels, dtype=np.int64)
    found[known.to_numpy()] = groups[codes]
    return found


def consensus(counts: pl.DataFrame, taxonomy: Taxonomy, groups: Counts, *, labels: int) -> tuple[Counts, str]:
    """What more than half of the reviews of each kind of item say, -1 where nothing is; and what a reader must know."""
    merged = (groups[:, None] == np.arange(labels)).astype(np.int64)
    patterns = rating_patterns(counts, taxonomy)
    given, ratings = patterns.counts @ merged, patterns.ratings
    if not labels:
        return np.full(len(given), -1, dtype=np.int64), ""
    is_known = 2 * given.max(axis=1) > ratings
    split, single = (int(patterns.items @ kinds) for kinds in (~is_known, ratings == 1))
    told = (
        f"{split:,} items without a majority are left out" * (split > 0),
        f"the consensus is of one review for {single:,} of the items" * (single > 0),
    )
    return np.where(is_known, given.argmax(axis=1), -1), "; ".join(filter(None, told))


def _audited(rows: pl.DataFrame, taxonomy: Taxonomy, groups: Counts, *, labels: int) -> Held:
    known, weights, chances, note = weighed(rows)
    return Held(
        answer=answers(known["label"], taxonomy, groups, labels=labels),
        right=groups[label_codes(known["audit_label"], taxonomy).to_numpy()],
        items=known["audits"].to_numpy().astype(np.int64),
        weights=weights,
        chances=chances,
        strata=known["stratum"].fill_null("").rank("dense").cast(pl.Int64).to_numpy(),
        labels=labels,
        is_sample=True,
        note=note,
    )
