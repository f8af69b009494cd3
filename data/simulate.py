"""A made-up LIVE moderation log of which every truth is known.

`simulate` writes one file for each table of the contract and `answer_key.json`. `data/simulation/` holds the parts, in
the order of the work: `plan.py` and `faults.py` (what is asked for), `world.py` and `people.py` (the house),
`content.py`, `standards.py`, `gold.py` and `dealing.py` (what is reviewed, and by whom), `effects.py` and
`decisions.py` (how they decide), `models.py`, `checking.py` and `deliveries.py` (what else the log holds),
`expected.py`, `truth.py`, `values.py` and `key.py` (the answers).
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from data.simulation import tables
from data.simulation.arrays import Floats
from data.simulation.checking import appeals, audits
from data.simulation.day import Day, make_day
from data.simulation.deliveries import Post, review_rows
from data.simulation.effects import Memory
from data.simulation.gold import gold_table
from data.simulation.house import House
from data.simulation.key import write_key
from data.simulation.models import predictions_table
from data.simulation.people import reviewers_table
from data.simulation.plan import Plan
from data.simulation.standards import standards_table
from data.simulation.truth import Truth
from data.simulation.writing import Files, Format

MOST_IN_ONE_FILE = 5_000_000
"""Above so many reviews, `reviews` is a folder with a file a day."""


def simulate(
    out: str | Path,
    plan: Plan,
    *,
    form: Format = "parquet",
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Mapping[str, int]:
    """Write a simulated log into a new folder, and tell how many rows each table has.

    The same plan gives the same bytes. `progress` is told how many of the days are done.
    """
    house = House.of(plan)
    daily = frozenset({"reviews"}) if plan.reviews > MOST_IN_ONE_FILE else frozenset()
    with Files(Path(out), form=form, daily=daily) as files:
        _write_house(files, house)
        truth, memory, post = Truth.empty(house), Memory.empty(plan.reviewers), Post(house)
        item, review = 1 + len(house.gold.items.number), 1
        for day in range(plan.days):
            found = make_day(house, day, first_number=item, memory=memory)
            _write_day(files, house, found, post=post, first_review=review)
            truth.add(found)
            item, review = item + len(found.dealt.day_items.number), review + len(found.label)
            progress(day + 1, plan.days)
        write_key(files.folder / "answer_key.json", house, truth, memory)
    return files.rows


def _write_house(files: Files, house: House) -> None:
    """The tables that are not of one day."""
    files.write("labels", tables.labels())
    files.write("costs", tables.costs())
    files.write("reviewers", reviewers_table(house.plan, house.people))
    files.write("standards", standards_table(house.plan, house.standards))
    files.write("events", tables.events(house))
    files.write("gold", gold_table(house.plan, house.gold, house.standards))
    for rows in tables.gold_predictions(house):
        files.write("predictions", rows)


def _write_day(files: Files, house: House, day: Day, *, post: Post, first_review: int) -> None:
    """What a day adds to the log."""
    order = np.argsort(day.decided, kind="stable")
    numbers = np.empty(len(order), dtype=int)
    numbers[order] = np.arange(first_review, first_review + len(order))
    rows = review_rows(house, day, numbers, order)
    files.write("reviews", post.deliver(rows, day.number), day=str(house.plan.at(day.number).date()))
    files.write("audits", audits(house, day, numbers))
    files.write("appeals", appeals(house, day, numbers))
    items = day.dealt.day_items.number
    files.write("predictions", predictions_table(house.plan, items, day.predictions, scored=_scored(day)))


def _scored(day: Day) -> Floats:
    """When each of the day's items was scored: ten minutes before anybody opened it, in seconds of the log."""
    scored = np.full(len(day.dealt.day_items.number), np.inf)
    ours = day.dealt.gold < 0
    np.minimum.at(scored, day.dealt.row[ours], (day.decided - day.handle_seconds)[ours])
    return scored - 600
