"""What anybody would make of the cases that one reviewer got: indirect standardisation.

A case is as hard as its policy, language and gold label are to all others: the means of a cell are those of everybody
but the reviewer who is judged, so that nobody is their own yardstick. A cell of few answers is drawn towards the next
coarser one, by as much as `BORROWED` answers weigh. Source: Iezzoni (2012), Risk Adjustment, 4th edition,
ISBN 978-1-56793-437-3.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.linearisation import Array, Counts
from metrics.patterns import label_codes
from metrics.taxonomy import Taxonomy

BORROWED = 20.0
"""The answers that a coarser cell counts for in a finer one."""


@dataclass(frozen=True, slots=True)
class CaseMix:
    """The answers of each of several people to each kind of case: a row for each that occurs.

    `people` are names and `person` positions in them; `row` is a row of the tallies that has such a case. `cells`
    number the kinds of cases, from coarse (the gold label) to fine (its policy and language too), and `own` the
    person's part of them. `sums` are those of what the answers were measured by.
    """

    people: pl.Series
    person: Counts
    row: Counts
    cells: tuple[Counts, ...]
    own: tuple[Counts, ...]
    answers: Array
    sums: Mapping[str, Array]

    def of_people(self, values: Array) -> Array:
        """A sum over the rows of each person."""
        return _summed(self.person, values, len(self.people))

    def usual(self, name: str) -> Array:
        """For each row, the mean of a measure over all others' answers to such cases; one's own where others have none.

        A cell that no other person answered has the mean of the coarser cell that it is part of.
        """
        measured = self.sums[name]
        total, whole = (each.sum() - self.of_people(each)[self.person] for each in (measured, self.answers))
        alone = whole <= 0
        mean: Array = np.where(alone, measured.sum(), total) / np.where(alone, self.answers.sum(), whole)
        for cell, own in zip(self.cells, self.own, strict=True):
            total, whole = (_summed(cell, each)[cell] - _summed(own, each)[own] for each in (measured, self.answers))
            mean = (total + BORROWED * mean) / (whole + BORROWED)
        return mean


def expected_errors(tallies: pl.DataFrame, taxonomy: Taxonomy) -> pl.DataFrame:
    """What each reviewer got wrong, and what all others would have on the same cases.

    `tallies` has `reviewer, item_policy, item_language, gold_label, label, answers`; people who are compared may be
    teams as well. Columns: `reviewer`, and for each of `errors` (wrong labels), `alarms` (answers that say violating
    to other gold) and `misses` their number, `<name>_of` (the answers that could be such), `<name>_expected` and
    `<name>_variance`. Of labels of which nobody declared which violate, nothing is an alarm or a miss. Answers are
    taken for independent.
    """
    gold, given = codes(tallies, taxonomy)
    violates = np.array([label in (taxonomy.violating or ()) for label in taxonomy.labels], dtype=bool)
    crossed = violates[gold] != violates[given]
    mix = case_mix(tallies, gold, {"wrong": gold != given, "crossed": crossed, "violating": violates[gold]})
    is_violating, is_known = mix.sums["violating"] > 0, taxonomy.violating is not None
    kinds = {
        "errors": ("wrong", np.ones_like(is_violating)),
        "alarms": ("crossed", ~is_violating & is_known),
        "misses": ("crossed", is_violating & is_known),
    }
    usual = {name: np.clip(mix.usual(name), 0, 1) for name in ("wrong", "crossed")}
    columns: dict[str, NDArray[np.generic]] = {}
    for kind, (name, counts) in kinds.items():
        of = mix.answers * counts
        columns[kind] = mix.of_people(mix.sums[name] * counts).astype(np.int64)
        columns[f"{kind}_of"] = mix.of_people(of).astype(np.int64)
        columns[f"{kind}_expected"] = mix.of_people(of * usual[name])
        columns[f"{kind}_variance"] = mix.of_people(of * usual[name] * (1 - usual[name]))
    return pl.DataFrame({"reviewer": mix.people, **columns}).sort("reviewer")


def case_mix(tallies: pl.DataFrame, gold: Counts, measures: Mapping[str, NDArray[np.generic]]) -> CaseMix:
    """The answers of a frame of `gold_tallies` by person and kind of case.

    `gold` has the position of each row's gold label, and each measure a number for its answers.
    """
    person, people = numbers(tallies["reviewer"])
    cells = [gold]
    for name in ("item_policy", "item_language"):
        number = numbers(tallies[name])[0]
        cells.append(_dense(cells[-1] * (number.max(initial=0) + 1) + number))
    own = [_dense(cell * max(len(people), 1) + person) for cell in cells]
    first = _first(own[-1])
    answers = tallies["answers"].to_numpy().astype(float)
    return CaseMix(
        people,
        person[first],
        first,
        tuple(cell[first] for cell in cells),
        tuple(each[first] for each in own),
        _summed(own[-1], answers),
        {name: _summed(own[-1], answers * measure) for name, measure in measures.items()},
    )


def codes(tallies: pl.DataFrame, taxonomy: Taxonomy) -> tuple[Counts, Counts]:
    """The positions of the gold labels and of the given ones."""
    gold, given = (label_codes(tallies[name], taxonomy).to_numpy().astype(np.int64) for name in ("gold_label", "label"))
    return gold, given


def numbers(values: pl.Series) -> tuple[Counts, pl.Series]:
    """A number from 0 for each value, a missing one among them, and the values by their numbers."""
    physical = (values.cast(pl.Categorical) if values.dtype == pl.String else values).to_physical()
    number = _dense(physical.cast(pl.Int64).fill_null(-1).to_numpy() + 1)
    return number, values.gather(_first(number))


def _first(number: Counts) -> Counts:
    """A row of each number."""
    first = np.zeros(int(number.max(initial=-1)) + 1, dtype=np.int64)
    first[number] = np.arange(len(number))
    return first


def _dense(number: Counts) -> Counts:
    """The same distinctions by numbers from 0 without gaps."""
    occurs = np.zeros(int(number.max(initial=-1)) + 1, dtype=bool)
    occurs[number] = True
    dense: Counts = (np.cumsum(occurs) - 1)[number]
    return dense


def _summed(place: Counts, values: Array, places: int = 0) -> Array:
    """A sum for each place."""
    return np.bincount(place, weights=values, minlength=places).astype(float)
