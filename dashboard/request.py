"""What a command line asks for, read into filters and options."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from data.errors import LogError
from metrics.options import Interval, Level, Options, Reference, Weights
from queries.filters import Filters, Repeats


@dataclass(frozen=True, slots=True)
class Request:
    """The choices of one command: which reviews, cut how, computed how."""

    filters: Filters
    by: tuple[str, ...]
    options: Options
    categories: tuple[str, ...] | None
    min_n: int | None


def read_request(
    *,
    by: str | None = None,
    since: str | None = None,
    until: str | None = None,
    where: Sequence[str] = (),
    settings: Sequence[str] = (),
    repeats: Repeats = "last",
) -> Request:
    """The request that these options spell; `repeats` is the workspace's own rule."""
    chosen = dict(_pair(setting, "--set") for setting in settings)
    if unknown := sorted(set(chosen) - set(OPTIONS)):
        raise LogError(f"no option is called {unknown[0]!r}; --set takes {', '.join(OPTIONS)}")
    filters = Filters(
        since=_day(since, "--since"),
        until=_day(until, "--until"),
        repeats=_one_of("repeats", chosen.get("repeats", repeats), Repeats),
    )
    if filters.since and filters.until and filters.since > filters.until:
        raise LogError(f"--since comes after --until: nothing lies between {filters.since} and {filters.until}")
    for dimension, values in _grouped(where).items():
        filters = filters.where(dimension, values)
    categories = names(chosen["categories"]) if "categories" in chosen else None
    min_n = _whole_number("min_n", chosen["min_n"]) if "min_n" in chosen else None
    return Request(filters, names(by or ""), _options(chosen), categories, min_n)


def _options(chosen: Mapping[str, str]) -> Options:
    choices = {"level": Level, "weights": Weights, "interval": Interval, "reference": Reference}
    named: dict[str, Any] = {
        name: _one_of(name, chosen[name], kind) for name, kind in choices.items() if name in chosen
    }
    named |= {name: _number(name, chosen[name], top) for name, top in NUMBERS.items() if name in chosen}
    return Options(**named)


NUMBERS = {"target": 1.0, "reference_prevalence": 1.0, "cost_ratio": math.inf, "margin": 1.0}
"""The options that are numbers, and what each must stay below."""
OPTIONS = ("level", "categories", "interval", "weights", "reference", "repeats", "min_n", *NUMBERS)


def names(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated list, without the space around them."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _pair(argument: str, option: str) -> tuple[str, str]:
    left, equals, right = argument.partition("=")
    if not equals or not left.strip():
        raise LogError(f"{option} takes name=value, not {argument!r}")
    return left.strip(), right.strip()


def _grouped(arguments: Sequence[str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for argument in arguments:
        dimension, value = _pair(argument, "--where")
        grouped.setdefault(dimension, []).append(value)
    return grouped


def _one_of(name: str, value: str, choices: Any) -> Any:
    if value not in get_args(choices):
        raise LogError(f"{name} is one of {', '.join(get_args(choices))}, not {value!r}")
    return value


def _read(text: str, reader: Callable[[str], Any], complaint: str) -> Any:
    try:
        return reader(text)
    except ValueError:
        raise LogError(complaint) from None


def _day(text: str | None, option: str) -> date | None:
    return (
        None
        if text is None
        else _read(text, date.fromisoformat, f"{option} takes a day such as 2025-03-31, not {text!r}")
    )


def _number(name: str, text: str, below: float) -> float:
    number: float = _read(text, float, f"{name} takes a number, not {text!r}")
    if not 0 < number < below:
        raise LogError(f"{name} lies between 0 and {below:g}, and {text} does not")
    return number


def _whole_number(name: str, text: str) -> int:
    number: int = _read(text, int, f"{name} takes a whole number, not {text!r}")
    if number < 0:
        raise LogError(f"{name} cannot be negative, and {number} is")
    return number
