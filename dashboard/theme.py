"""What colours mean, which hex values they have in each mode, and how every unit is written.

Charts name colours; the browser resolves the names against the theme, light or dark, without a rerun. The hex values
live in `.streamlit/config.toml` alone and are read from there for pictures and for the contrast tests.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Mode = Literal["light", "dark"]

DATA = "blue"
CONTEXT = "gray"
ALERT = "orange"
ALARM = "red"
GOOD = "green"
COLOUR_NAMES = ("red", "orange", "green", "blue", "violet", "gray")

ROUNDS = ("earlier reviews", "votes", "expected", "controls")
"""What is compared in a calibration session, as its chart names it."""

_CONFIG = Path(__file__).parents[1] / ".streamlit" / "config.toml"


def colours(mode: Mode) -> dict[str, str]:
    """The hex value of every theme colour name, and of `background` and `text`."""
    section = tomllib.loads(_CONFIG.read_text())["theme"][mode]
    named = {name: section[f"{name}Color"] for name in COLOUR_NAMES}
    return named | {"background": section["backgroundColor"], "text": section["textColor"]}


@dataclass(frozen=True, slots=True)
class Format:
    """How one unit is written: d3 formats for axes and tooltips, and the same in Python for sentences and cards."""

    axis: str
    tooltip: str
    scale: float
    digits: int
    suffix: str

    def text(self, value: float, *, coarse: bool = False) -> str:
        """A value in words; `coarse` drops one digit, for small samples."""
        digits = max(self.digits - coarse, 0)
        # Adding 0 turns a negative zero, which rounding makes of small negative numbers, into zero.
        return f"{round(value * self.scale, digits) + 0.0:,.{digits}f}{self.suffix}".replace("-", "−")


FORMATS: dict[str, Format] = {
    "share": Format(axis=".1~%", tooltip=".1%", scale=100, digits=1, suffix=" %"),
    "coefficient": Format(axis=".3~f", tooltip=".3f", scale=1, digits=3, suffix=""),
    "index": Format(axis=".3~f", tooltip=".3f", scale=1, digits=3, suffix=""),
    "cost": Format(axis=".3~f", tooltip=".3f", scale=1, digits=3, suffix=""),
    "z": Format(axis=".2~f", tooltip=".2f", scale=1, digits=2, suffix=""),
    "count": Format(axis=",.0f", tooltip=",.0f", scale=1, digits=0, suffix=""),
}

# Below this many observations one digit less is shown: more would pretend to know.
COARSE_BELOW = 300


def number(value: float | None, unit: str, n: int) -> str:
    """A value for a card or sentence; an unknown one is a dash, never 0."""
    return "–" if value is None else FORMATS[unit].text(value, coarse=n < COARSE_BELOW)


def interval(low: float | None, high: float | None, unit: str, n: int) -> str:
    """An interval as `92.1 to 93.4`, in the unit's own scale; empty when there is none."""
    if low is None or high is None:
        return ""
    ends = (number(end, unit, n).removesuffix(FORMATS[unit].suffix) for end in (low, high))
    return " to ".join(ends)
