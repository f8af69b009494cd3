"""The reviewers: where they work, when, and how well they tell and which way they lean.

Skill is d' of signal detection, leaning its criterion c: above 0 lets through, below 0 enforces.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.plan import Plan
from data.simulation.world import HUBS, MARKETS, POLICIES, SITES

SKILL_MEAN, SKILL_SPREAD, SKILL_BOUNDS = 2.9, 0.35, (1.8, 4.2)
LEANING_MEAN, LEANING_SPREAD = 0.15, 0.2
POLICY_SPREAD = 0.15
TEAM_SIZE = 10
NEWCOMERS, LEARNING_SIZE, LEARNING_DAYS = 0.05, 0.8, 30.0
"""The share hired in the sixty days before the log, what their d' lacks on the first day, and how fast it is gained."""
LEAVERS = 30
"""One reviewer of so many leaves in the second half of the log."""
SHIFT_SHARES = (0.2, 0.45, 0.35)
"""Night (0 to 8 h UTC), day (8 to 16 h) and late shift (16 to 24 h)."""
AUDITORS_PER_SITE = 4


@dataclass(frozen=True, slots=True)
class People:
    """All reviewers, an array element each.

    `site` and `hub` are positions in `SITES` and of the hub whose content they read, `team` a position in `teams`.
    `policy_skill` (reviewers x policies) is added to `skill`. `hired` and `left`, the first day without them, count
    from the log's first one. `day_off` is the first of two weekdays off, `attendance` how likely they come on the
    others; `pace` is their mean log handle time less that of all.
    """

    names: Positions
    site: Positions
    hub: Positions
    team: Positions
    teams: tuple[str, ...]
    skill: Floats
    leaning: Floats
    policy_skill: Floats
    hired: Positions
    left: Positions
    shift: Positions
    day_off: Positions
    attendance: Floats
    pace: Floats

    def lacking(self, day: int) -> Floats:
        """What each reviewer's d' still lacks on a day, for want of practice."""
        return LEARNING_SIZE * np.exp(-(day - self.hired) / LEARNING_DAYS)


def hire(plan: Plan) -> People:
    """The reviewers of a plan."""
    random, count = plan.stream("people"), plan.reviewers
    number = np.arange(count)
    site = number % len(SITES)
    team = site * (-(-count // (len(SITES) * TEAM_SIZE))) + number // len(SITES) // TEAM_SIZE
    _, team = np.unique(team, return_inverse=True)
    by_policy = random.normal(0, POLICY_SPREAD, (count, len(POLICIES)))
    newcomer = random.random(count) < NEWCOMERS
    return People(
        names=np.array([f"mod-{each:0{max(3, len(str(count)))}d}" for each in number + 1]),
        site=site,
        hub=(site + (number // len(SITES) % 5 >= 3)) % HUBS,  # noqa: PLR2004 - three in five
        team=team,
        teams=tuple(f"team-{each:02d}" for each in range(1, team.max() + 2)),
        skill=np.clip(random.normal(SKILL_MEAN, SKILL_SPREAD, count), *SKILL_BOUNDS),
        leaning=random.normal(LEANING_MEAN, LEANING_SPREAD, count),
        policy_skill=by_policy - by_policy.mean(axis=1, keepdims=True),
        hired=np.where(newcomer, -random.integers(1, 60, count), -random.integers(200, 2_000, count)),
        left=_last_days(plan),
        shift=random.choice(len(SHIFT_SHARES), count, p=SHIFT_SHARES),
        day_off=random.integers(0, 7, count),
        attendance=random.choice([0.95, 0.55], count, p=[0.85, 0.15]),
        pace=random.normal(0, 0.2, count),
    )


def _last_days(plan: Plan) -> Positions:
    """The day after each reviewer's last one; that after the log's last for those who stay."""
    random = plan.stream("leaving")
    days = np.full(plan.reviewers, plan.days)
    leaving = random.choice(plan.reviewers, plan.reviewers // LEAVERS, replace=False)
    days[leaving] = random.integers(plan.days // 2, plan.days, len(leaving))
    return days


def at_work(plan: Plan, people: People, day: int) -> Flags:
    """Whether each reviewer works on a day."""
    weekday = (plan.first_day + dt.timedelta(days=day)).weekday()
    off = (weekday - people.day_off) % 7 < 2  # noqa: PLR2004 - two days off
    return ~off & (day < people.left) & (plan.stream("attendance", day).random(plan.reviewers) < people.attendance)


def auditors() -> tuple[str, ...]:
    """The names of the auditors; auditor k works at the site k modulo the number of sites."""
    return tuple(f"audit-{each:02d}" for each in range(1, AUDITORS_PER_SITE * len(SITES) + 1))


def reviewers_table(plan: Plan, people: People) -> pl.DataFrame:
    """The table `reviewers`, with the auditors."""
    spoken = [
        " ".join(dict.fromkeys(["en", *(market.language for market in MARKETS if market.hub == hub)]))
        for hub in range(HUBS)
    ]
    reviewers = pl.DataFrame(
        {
            "reviewer_id": people.names,
            "team": [people.teams[team] for team in people.team],
            "site": [SITES[site] for site in people.site],
            "hired_on": [plan.first_day + dt.timedelta(days=int(day)) for day in people.hired],
            "left_on": [plan.at(int(day) - 1).date() if day < plan.days else None for day in people.left],
            "languages": [spoken[hub] for hub in people.hub],
        }
    )
    return pl.concat([reviewers, _auditors_table(plan)])


def _auditors_table(plan: Plan) -> pl.DataFrame:
    names = auditors()
    return pl.DataFrame(
        {
            "reviewer_id": names,
            "team": ["audit"] * len(names),
            "site": [SITES[number % len(SITES)] for number in range(len(names))],
            "hired_on": [plan.first_day - dt.timedelta(days=900 + 30 * number) for number in range(len(names))],
            "left_on": pl.Series([None] * len(names), dtype=pl.Date),
            "languages": [" ".join(dict.fromkeys(["en", *(market.language for market in MARKETS)]))] * len(names),
        }
    )
