"""How large a log of the benchmarks is, and what it is made of."""

from dataclasses import dataclass

GOLD_SHARE, REPEATS_SHARE, MULTI_SHARE = 0.03, 0.005, 0.15
ANSWERS_TO_GOLD = 8
"""How often a gold item is answered."""
TWO_THREE_FOUR = (0.55, 0.3, 0.15)
REVIEWS_AN_ITEM = 1 + MULTI_SHARE * (0.55 + 2 * 0.3 + 3 * 0.15)
STAGES = ("live", "overlap", "calibration", "gold")


@dataclass(frozen=True, slots=True)
class LogPlan:
    """How large a log is: about `reviews` over `days`; `plain` leaves out gold, repeats and the second standard."""

    reviews: int
    days: int = 190
    random_ids: bool = False
    plain: bool = False
    seed: int = 1

    @property
    def items_a_day(self) -> int:
        """How many items arise a day, gold aside."""
        live = 1 - (0 if self.plain else GOLD_SHARE + REPEATS_SHARE)
        return max(1, round(self.reviews * live / self.days / REVIEWS_AN_ITEM))

    @property
    def weeks(self) -> int:
        """How many weeks the log and the day after it touch."""
        return self.days // 7 + 1

    @property
    def gold_items_a_week(self) -> int:
        """How many gold items come with a week."""
        return max(1, round(self.reviews * GOLD_SHARE / self.weeks / ANSWERS_TO_GOLD))
