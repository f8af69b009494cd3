"""Actions and what they did: marked here, and measured from the gold answers around their day, each time anew."""

import datetime as dt
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import polars as pl

from dashboard.measure import ESTIMATE_COLUMNS, Fetch, Source
from data import actions
from data.actions import Action
from data.errors import LogError
from metrics.coaching import Effect, coaching_effect
from metrics.estimate import undefined
from queries.ask import ask
from queries.filters import Filters

DAYS = 28
"""An action is judged by so many days before it and from it on, unless somebody says otherwise."""
LONGEST = 366
_TOLD = ("number", "on", "until", "team", "reviewers", "signal", "cause", "action", "made_by", "made_at")
_LEDGER: dict[str, pl.DataType | type[pl.DataType]] = {
    "number": pl.Int64,
    "on": pl.Date,
    "until": pl.Date,
    "team": pl.String,
    "reviewers": pl.List(pl.String),
    **dict.fromkeys(("signal", "cause", "action", "made_by", "made_at", "state"), pl.String),
    "before": pl.Float64,
    "forecast": pl.Float64,
    "since": pl.Float64,
    "peers": pl.Int64,
    **ESTIMATE_COLUMNS,
}


def mark(workspace: str | Path, source: Source, action: Action) -> int:
    """Note an action about reviewers whom the log knows, or about a team, and give its number."""
    if action.on > _today():
        raise LogError(f"{action.on} lies in the future: mark an action from its day on.")
    if not 1 <= action.days <= LONGEST:
        raise LogError(f"An action is judged by 1 to {LONGEST} days before and since, not by {action.days}.")
    found = _members(source, action.team) if action.team else _known(source, action.reviewers)
    return actions.note(workspace, replace(action, reviewers=found))


def effect(source: Source, action: Action, others: Iterable[Action] = (), *, fetch: Fetch = ask) -> Effect:
    """What an action did to the accuracy of those whom it was for; those of `others` meanwhile are nobody's peers."""
    rule = source.settings.repeats
    before = Filters(since=action.since, until=action.on - dt.timedelta(days=1), repeats=rule)
    since = Filters(since=action.on, until=action.until, repeats=rule)
    tallies = pl.concat(
        fetch(source.engine, "gold_tallies", filters, by=("reviewer",)).with_columns(is_since=pl.lit(filters is since))
        for filters in (before, since)
    )
    aside = {who for other in others if action.since < other.on <= action.until for who in other.reviewers}
    return coaching_effect(tallies, source.taxonomy, action.reviewers, aside=aside)


def ledger(source: Source, noted: Sequence[Action], *, who: str | None = None, fetch: Fetch = ask) -> pl.DataFrame:
    """Every action, or those for one reviewer, with what it was seen to do, in the given order.

    `noted` are all actions, because those whom another was for are nobody's peers.

    Columns: `number, on, until` (the last day that it is judged by), `team, reviewers, signal, cause, action, made_by,
    made_at, state` (`running` until that day is over, then `complete`), accuracy `before`, its `forecast` and `since`,
    `peers`, and `value, low, high, n, note` of the effect in shares of answers. Of fewer answers than the workspace's
    `min_cell` all numbers are hidden.
    """
    rows = []
    for action in noted:
        if who is not None and who not in action.reviewers:
            continue
        found = effect(source, action, noted, fetch=fetch)
        told = {name: getattr(action, name) for name in _TOLD}
        measured = {name: getattr(found, name).value for name in ("before", "forecast", "since")}
        least, estimate = source.settings.min_cell, found.effect
        if 0 < (n := min(found.before.n, found.since.n)) < least:
            measured, estimate = {}, undefined(n, f"hidden: {n} gold answers before or since, fewer than {least}")
        state = "running" if action.until >= _today() else "complete"
        rows.append({**told, "state": state, **measured, "peers": found.peers, **asdict(estimate)})
    return pl.DataFrame(rows, schema=_LEDGER).with_columns(pl.col("reviewers").cast(pl.List(pl.String)))


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _members(source: Source, team: str) -> tuple[str, ...]:
    found = _values(source, "reviewer", Filters(teams=(team,)))
    if not found:
        raise LogError(f"Nobody who decided anything is in a team {team!r}.{_meant(team, _values(source, 'team'))}")
    return found


def _known(source: Source, reviewers: Sequence[str]) -> tuple[str, ...]:
    if not reviewers:
        raise LogError("Say whom the action was for: reviewers' ids, or --team.")
    known = _values(source, "reviewer")
    if unknown := [who for who in reviewers if who not in set(known)]:
        raise LogError(f"No reviewer {unknown[0]!r} decided anything in this log.{_meant(unknown[0], known)}")
    return tuple(sorted(set(reviewers)))


def _meant(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3)
    return f" Did you mean {' or '.join(close)}?" if close else ""


def _values(source: Source, dimension: str, filters: Filters | None = None) -> tuple[str, ...]:
    """The values of a dimension that occur among the decisions."""
    counts = ask(source.engine, "volume", filters or Filters(repeats="all"), by=(dimension,))
    return tuple(sorted(counts[dimension].drop_nulls()))
