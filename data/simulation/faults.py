"""The faults that can be planted in a simulated log, and how they are written: `name:parameter=value,…`."""

import datetime as dt
import difflib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from data.errors import LogError

Value = float | int | str
AUTO: Final = "auto"
"""A name, or a day, that the simulation chooses by its seed."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault: what it does, and its parameters with their defaults.

    `day` is the first day of the fault: a number, the first of the log being 1, or a date such as 2026-05-04.
    """

    name: str
    meaning: str
    parameters: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault; `values` gives each parameter of its kind."""

    name: str
    values: MappingProxyType[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    def number(self, parameter: str) -> float:
        """The value of a parameter that is a number."""
        return float(self.values[parameter])

    def text(self, parameter: str) -> str:
        """The value of a parameter that is a name."""
        return str(self.values[parameter])


def _kind(name: str, meaning: str, **parameters: Value) -> FaultKind:
    return FaultKind(name, meaning, parameters)


# A table reads better with a fault in two lines than with a parameter in each.
# fmt: off
FAULTS: dict[str, FaultKind] = {
    kind.name: kind
    for kind in (
        _kind("lenient_reviewer", "a reviewer lets more through: c rises by size", reviewer=AUTO, size=0.8, day=1),
        _kind("harsh_reviewer", "a reviewer enforces more: c falls by size", reviewer=AUTO, size=0.8, day=1),
        _kind("weak_reviewer", "a reviewer tells less well: d' falls by size", reviewer=AUTO, size=1.2, day=1),
        _kind("policy_blind_spot", "a team tells less well in one policy: d' falls by size there",
              team=AUTO, policy=AUTO, size=1.5, day=1),
        _kind("fatigue", "d' falls through a shift, by size at its end", size=1.0, site="all", day=1),
        _kind("site_drift", "a site enforces more: c falls by size, over ramp days",
              site=AUTO, size=0.6, ramp=14, day=AUTO),
        _kind("model_regression", "a new model version tells less well: its d' falls by size",
              policy="all", size=1.2, day=AUTO),
        _kind("overconfident_model", "the logits of the scores are multiplied by size", size=2.0, day=1),
        _kind("content_shift", "a policy's violating share is multiplied by size, and mix of all content moves there",
              policy=AUTO, size=1.6, mix=0.1, day=AUTO),
        _kind("standard_change", "a new version: share of what was fine violates (stricter), or the reverse (looser); "
              "reviewers follow after lag days on average, a share of laggards six times as late",
              policy=AUTO, share=0.15, direction="stricter", lag=6.0, laggards=0.15, day=AUTO),
        _kind("unclear_clause", "reviewers read one clause differently: their c there spreads by size",
              policy=AUTO, clause=2, size=1.0, day=1),
        _kind("biased_audit", "auditors draw easy cases more often than the recorded probability says, by size",
              size=1.0, day=1),
        _kind("leaked_gold", "a share of the reviewers knows the keys of a gold set with probability recall",
              gold_set=AUTO, share=0.5, recall=0.85, day=AUTO),
        _kind("wrong_gold", "a share of the gold items has a wrong key", share=0.08),
        _kind("stale_gold", "gold keeps its old keys, and no end of validity, after its policy's standard changed",
              policy=AUTO, day=AUTO),
        _kind("anchoring", "a shown model answer pulls c towards it by size", size=0.8, day=1),
        _kind("coaching", "the reviewers with the lowest accuracy on gold are coached: kind real lifts their d' by "
              "size, kind regression changes nothing", kind="real", reviewers=8, size=0.7, day=AUTO),
        _kind("late_data", "a share of the last days' reviews is not delivered yet", days=2, share=0.4),
        _kind("duplicate_feed", "a share of one day's reviews is delivered again under new ids", share=1.0, day=AUTO),
        _kind("clock_skew", "a site's clock is slow: decisions are recorded minutes early",
              site=AUTO, minutes=20.0, day=1),
    )
}
# fmt: on
_CHOICES = {"direction": ("stricter", "looser"), "kind": ("real", "regression")}
_SHARES = ("share", "laggards", "recall", "mix")
LARGEST = 10_000
"""The largest size, number of days, minutes or reviewers of a fault."""


def plant(name: str, /, **values: Value) -> Fault:
    """A fault with the defaults of its kind where nothing else is said; `LogError` when that cannot be."""
    if name not in FAULTS:
        near = difflib.get_close_matches(name, FAULTS, n=1)
        raise LogError(
            f"There is no fault {name!r}. The faults are {', '.join(FAULTS)}." if not near else _near(name, near)
        )
    known = FAULTS[name].parameters
    for parameter, value in values.items():
        if parameter not in known:
            raise LogError(f"The fault {name} has no {parameter!r}; it takes {', '.join(known)}.")
        _check(name, parameter, value)
    return Fault(name, MappingProxyType({**known, **values}))


def read_fault(text: str) -> Fault:
    """A fault as it is written on the command line, such as `harsh_reviewer:size=0.6,day=30`."""
    name, _, rest = text.partition(":")
    values: dict[str, Value] = {}
    for pair in filter(None, (part.strip() for part in rest.split(","))):
        parameter, sign, value = (part.strip() for part in pair.partition("="))
        if not sign or not value:
            raise LogError(f"--fault {text!r}: {pair!r} is not of the form parameter=value.")
        if parameter in values:
            raise LogError(f"--fault {text!r}: {parameter} is given twice.")
        values[parameter] = _value(name.strip(), parameter, value)
    return plant(name.strip(), **values)


def _near(name: str, near: list[str]) -> str:
    return f"There is no fault {name!r}; is {near[0]!r} meant?"


def _value(name: str, parameter: str, text: str) -> Value:
    default = FAULTS[name].parameters.get(parameter) if name in FAULTS else None
    if parameter != "day" and isinstance(default, str):
        return text
    try:
        return float(text) if isinstance(default, float) else int(text)
    except ValueError:
        return text


def _check(name: str, parameter: str, value: Value) -> None:
    default, most = FAULTS[name].parameters[parameter], 1 if parameter in _SHARES else LARGEST
    where = f"The fault {name}: {parameter}"
    if parameter == "day":
        _check_day(where, value)
    elif isinstance(default, str):
        if parameter in _CHOICES and value not in _CHOICES[parameter]:
            raise LogError(f"{where} is {' or '.join(_CHOICES[parameter])}, not {value!r}.")
    elif isinstance(value, str) or (isinstance(default, int) and value % 1):
        raise LogError(f"{where} is a {'whole ' * isinstance(default, int)}number such as {default}, not {value!r}.")
    elif not 0 <= value <= most:
        raise LogError(f"{where} is a number from 0 to {most:,}, not {value}.")


def _check_day(where: str, value: Value) -> None:
    if isinstance(value, str) and value != AUTO:
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            raise LogError(f"{where} is a number of days or a date such as 2026-05-04, not {value!r}.") from None
    elif not isinstance(value, str) and value < 1:
        raise LogError(f"{where} is counted from 1, the log's first day, not {value}.")
