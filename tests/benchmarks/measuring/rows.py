"""Decisions, scores and gold as rows of the contract."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl
from measuring.house import LABELS, LANGUAGES, MARKETS, POLICIES, QUEUES, REVIEWERS, Numbers, given_labels, names
from measuring.plan import STAGES, LogPlan

FIRST_DAY = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - the log is in UTC, and naive times stay cheap until they are written
NEW_STANDARD_AFTER, SCORED, CANDIDATE = 0.5, 0.9, 0.05
MODEL_VERSIONS = ("2025-a", "2025-b", "2025-c")
CONTENT = ("text", "image", "video")


def _named(values: Sequence[str], codes: pl.Series) -> pl.Series:
    return pl.Series(values, dtype=pl.Enum(values)).gather(codes)


def _numbered(what: str, count: int, codes: pl.Series) -> pl.Series:
    return _named([f"{what}-{number:0{len(str(count - 1))}}" for number in range(count)], codes)


def _item_ids(plan: LogPlan, items: pl.Series) -> pl.Series:
    """Ids in the order of time, or random ones in the shape of a UUID."""
    if not plan.random_ids:
        return names("item", items.to_numpy(), 9)
    words = np.stack([_scrambled(items.to_numpy(), salt) for salt in (plan.seed, ~plan.seed)], axis=1)
    digits = pl.Series(np.ascontiguousarray(words).view("V16").ravel().tolist(), dtype=pl.Binary).bin.encode("hex")
    starts, widths = (0, 8, 12, 16, 20), (8, 4, 4, 4, 12)
    parts = [digits.str.slice(start, width) for start, width in zip(starts, widths, strict=True)]
    return pl.select(pl.concat_str(parts, separator="-")).to_series()


def _scrambled(numbers: Numbers, salt: int) -> np.ndarray:
    """SplitMix64 of each number: Steele, Lea and Flood (2014), doi:10.1145/2660193.2660195."""
    mixed = (numbers.astype(np.uint64) + np.uint64(salt % 2**64)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def review_rows(plan: LogPlan, found: pl.DataFrame, random: np.random.Generator, day: int) -> pl.DataFrame:
    """Decisions of one day as rows of the contract."""
    queue, market, kind = found["cell"] // MARKETS, found["cell"] % MARKETS, found["kind"]
    decided = FIRST_DAY + dt.timedelta(days=day) + found["at"].cast(pl.Int64) * dt.timedelta(seconds=1)
    handled = pl.Series(random.gamma(2, 20, found.height).astype(np.int64)) * dt.timedelta(seconds=1)
    standard = int(not plan.plain and day >= plan.days * NEW_STANDARD_AFTER)
    return pl.DataFrame(
        {
            "review_id": names("review", day * 10_000_000 + np.arange(found.height, dtype=np.int64), 10),
            "item_id": _item_ids(plan, found["item"]),
            "reviewer_id": _numbered("reviewer", REVIEWERS, found["reviewer"]),
            "label": _named(LABELS, found["label"]),
            "decided_at": decided.dt.replace_time_zone("UTC"),
            "claimed_at": (decided - handled).dt.replace_time_zone("UTC"),
            "queue": _numbered("queue", QUEUES, queue),
            "policy": _numbered("policy", POLICIES, (queue * 5 + kind % 3) % POLICIES),
            "market": _numbered("market", MARKETS, market),
            "language": _numbered("language", LANGUAGES, (market + kind % 2 * 7) % LANGUAGES),
            "content_type": _named(CONTENT, kind // 2),
            "standard_version": pl.repeat(f"2025.{standard + 1}", found.height, eager=True),
            "stage": _named(STAGES, found["stage"]),
            "is_blind": (found["stage"] != STAGES.index("calibration")) | plan.plain,
            "model_shown": (queue < 2) & (found["stage"] == 0) & (not plan.plain),
        }
    )


def prediction_rows(plan: LogPlan, items: pl.DataFrame, random: np.random.Generator, day: int) -> pl.DataFrame:
    """What the model in force, and a candidate for one item in twenty, said about the items of a day."""
    version = min(int(day / plan.days * len(MODEL_VERSIONS)), len(MODEL_VERSIONS) - 1)
    scored = items.filter(pl.Series(random.random(items.height) < SCORED))
    tried = scored.filter(pl.Series(random.random(scored.height) < (0 if plan.plain else CANDIDATE)))
    parts = []
    for found, number in ((scored, version), (tried, (version + 1) % len(MODEL_VERSIONS))):
        score = np.clip(random.normal(0.2 + 0.5 * (found["truth"] > 0).to_numpy(), 0.18), 0, 1)
        parts.append(
            pl.DataFrame(
                {
                    "item_id": _item_ids(plan, found["item"]),
                    "model": pl.repeat("classifier", found.height, eager=True),
                    "model_version": _named(MODEL_VERSIONS, pl.repeat(number, found.height, eager=True)),
                    "scored_at": pl.repeat(
                        FIRST_DAY + dt.timedelta(days=day, seconds=number), found.height, eager=True
                    ).dt.replace_time_zone("UTC"),
                    "label": _named(
                        LABELS, given_labels(random, found["truth"].to_numpy(), np.full(found.height, 0.85))
                    ),
                    "score": score.round(3),
                }
            )
        )
    return pl.concat(parts)


def gold_rows(plan: LogPlan, items: pl.DataFrame) -> pl.DataFrame:
    """The table `gold`: the right label of every gold item, under any standard."""
    return pl.DataFrame(
        {
            "item_id": _item_ids(plan, items["item"]),
            "label": _named(LABELS, items["truth"]),
            "gold_set": _named(("first", "second"), items["item"] % 2),
        }
    )
