"""The made-up house: its rules, its markets, its sites and what usually comes in.

Shares are of all content; `violating` is the share of a policy's content that breaks it.
"""

from dataclasses import dataclass
from typing import Final

LABELS: Final = ("no_violation", "borderline", "restrict", "warn", "interrupt", "ban")
"""The decisions, mildest first."""
LABEL_TITLES: Final = (
    "No violation",
    "Borderline",
    "Age restriction",
    "Warning",
    "Stream interrupted",
    "Account banned",
)
FIRST_VIOLATING: Final = 2
"""The position of the first label that violates."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule area: its share of the content, how much of that violates, and the queue it arrives in."""

    name: str
    code: str
    share: float
    violating: float
    queue: str


POLICIES: Final = (
    Policy("minor_safety", "MIN", 0.10, 0.12, "priority"),
    Policy("nudity", "NUD", 0.22, 0.28, "proactive"),
    Policy("violence", "VIO", 0.12, 0.18, "proactive"),
    Policy("harassment", "HAR", 0.16, 0.22, "reported"),
    Policy("dangerous_acts", "DNG", 0.12, 0.15, "proactive"),
    Policy("scams", "SCM", 0.12, 0.30, "reported"),
    Policy("regulated_goods", "REG", 0.10, 0.20, "reported"),
    Policy("self_harm", "SLF", 0.06, 0.10, "priority"),
)
CLAUSES: Final = 4
"""The clauses of a policy, each with a quarter of its content."""


@dataclass(frozen=True, slots=True)
class Market:
    """Where content comes from, its share, its main language, and the hub of reviewers who read that."""

    name: str
    share: float
    language: str
    hub: int


MARKETS: Final = (
    Market("US", 0.16, "en", 0),
    Market("BR", 0.12, "pt", 0),
    Market("MX", 0.08, "es", 0),
    Market("GB", 0.07, "en", 1),
    Market("DE", 0.06, "de", 1),
    Market("FR", 0.06, "fr", 1),
    Market("SA", 0.07, "ar", 2),
    Market("TR", 0.06, "tr", 2),
    Market("IN", 0.10, "hi", 2),
    Market("ID", 0.10, "id", 3),
    Market("JP", 0.07, "ja", 3),
    Market("PH", 0.05, "tl", 3),
)
LANGUAGES: Final = tuple(dict.fromkeys(market.language for market in MARKETS))
ENGLISH_SHARE: Final = 0.1
"""How much of the content is in English in markets of another main language."""
HUBS: Final = 4
SITES: Final = ("bogota", "dublin", "istanbul", "manila")
"""Each site works for the hub of its own position (three in five of its reviewers) and for the next one."""
CONTENT_TYPES: Final = (("live_clip", 0.6), ("live_comment", 0.25), ("stream_title", 0.1), ("profile", 0.05))
STAGES: Final = ("live", "overlap", "gold", "calibration")
LIVE, OVERLAP, GOLD, CALIBRATION = range(4)
OVERLAP_SIZES: Final = ((2, 0.6), (3, 0.28), (4, 0.08), (5, 0.04))
"""How many reviewers an overlap item gets."""
GOLD_SETS: Final = ("gold-a", "gold-b", "gold-c", "gold-d")
GOLD_VIOLATING: Final = 0.5
"""Half of the gold violates: gold sets are enriched, so that both kinds of mistake show."""
MODEL: Final = "live-guard"
VERSIONS: Final = ("2025.1", "2026.1")
"""The version of every standard, and that after a change."""
