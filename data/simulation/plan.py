"""What a simulated log shall hold."""

import datetime as dt
import zlib
from dataclasses import dataclass

import numpy as np

from data.errors import LogError
from data.simulation.arrays import Positions
from data.simulation.faults import Fault

FEWEST_REVIEWS, FEWEST_DAYS, MOST_DAYS, FEWEST_REVIEWERS, MOST_REVIEWERS = 1_000, 7, 3_650, 40, 5_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The size, the seed and the planted faults of a log; the same plan gives the same bytes.

    The log ends with the day `last_day`, and holds what was known by then. `overlap_share` and `gold_share` are the
    shares of all reviews that are made blind on items which two to five reviewers get, and on items whose right label
    is known. `shown_share` of the live reviews are made with the model's answer on the screen.
    """

    reviews: int = 300_000
    days: int = 90
    reviewers: int = 120
    seed: int = 1
    faults: tuple[Fault, ...] = ()
    last_day: dt.date = dt.date(2026, 6, 30)
    overlap_share: float = 0.15
    gold_share: float = 0.03
    shown_share: float = 0.3

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        bounds = {
            "reviews": (FEWEST_REVIEWS, None),
            "days": (FEWEST_DAYS, MOST_DAYS),
            "reviewers": (FEWEST_REVIEWERS, MOST_REVIEWERS),
            "seed": (0, None),
        }
        for name, (least, most) in bounds.items():
            value = getattr(self, name)
            if value < least or (most is not None and value > most):
                limits = f"at least {least:,}" if most is None else f"between {least:,} and {most:,}"
                raise LogError(f"A simulated log needs {limits} for --{name}, not {value:,}.")
        if self.reviews < 10 * self.days:
            raise LogError(f"{self.reviews:,} reviews are too few for {self.days:,} days: take at least ten a day.")

    @property
    def first_day(self) -> dt.date:
        """The first day of the log; days are counted from 0."""
        return self.last_day - dt.timedelta(days=self.days - 1)

    def at(self, day: int) -> dt.datetime:
        """The midnight that begins a day of the log, in UTC."""
        return dt.datetime.combine(self.first_day, dt.time(), dt.UTC) + dt.timedelta(days=day)

    @property
    def start(self) -> np.datetime64:
        """The first midnight, from which the seconds of the log count."""
        return np.datetime64(self.first_day, "us")

    def stream(self, topic: str, day: int = 0) -> np.random.Generator:
        """Random numbers of one topic and day.

        Each has its own, so that a planted fault changes what it should and leaves every other draw as it was.
        """
        return np.random.Generator(np.random.SFC64([self.seed, zlib.crc32(topic.encode()), day]))

    def volumes(self) -> Positions:
        """How many reviews are made on each day: weekends have 85 % of a weekday's, and the sum is exact."""
        weekdays = np.array([(self.first_day + dt.timedelta(days=day)).weekday() for day in range(self.days)])
        weights = np.where(weekdays >= 5, 0.85, 1.0)  # noqa: PLR2004 - Saturday and Sunday
        reached = np.concatenate([[0.0], np.cumsum(weights)]) / weights.sum()
        volumes: Positions = np.diff(np.round(reached * self.reviews).astype(int))
        return volumes
