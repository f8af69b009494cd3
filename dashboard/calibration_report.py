"""What a calibration session came to, in words and tables."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import theme
from dashboard.calibration import Outcome
from dashboard.sentences import counted
from dashboard.theme import ROUNDS
from data.voting import Taken
from metrics.patterns import BEFORE_LABEL, BETWEEN_LABELS

Row = Mapping[str, Any]
ALL, TALKED_ABOUT = "all clauses", "talked about"
BEFORE, AFTER, EXPECTED, CONTROLS = ROUNDS


def sentence(outcome: Outcome) -> str:
    """What a session came to."""
    row, voters = outcome.clauses.row(0, named=True), outcome.votes["voter"].n_unique()
    if not row["cases"]:
        return f"No case has two votes yet ({counted(outcome.votes.height, 'vote')})."
    return (
        f"On {counted(row['cases'], 'case')}, {_share(row['before'])} of the pairs of earlier reviews agreed, and "
        f"{_share(row['after'])} of those of votes, by {counted(voters, 'voter')}; asking again would by itself bring "
        f"about {_share(row['expected'])}. {_found(row)}"
    )


def _found(row: Row) -> str:
    if row["effect"] is None:
        return f"What the talk brought is not known: {row['effect_note']}."
    if row["effect_low"] is None:
        return f"Beyond the controls: {_points(row, 'effect')}, {row['effect_note']}."
    shown = row["effect_low"] > 0 or row["effect_high"] < 0
    verdict = "more than chance would show" if shown else "no more than chance would show"
    return f"Beyond the controls: {_points(row, 'effect')}, {verdict}."


def clauses(outcome: Outcome) -> pl.DataFrame:
    """Before and after by clause, written out."""
    return pl.DataFrame(
        [
            {
                "clause": row["clause"] or ALL,
                "cases": row["cases"],
                "votes": row["votes"],
                "before": _share(row["before"]),
                "after": _share(row["after"]),
                "rise": _points(row, "rise"),
                "expected": _share(row["expected"]),
                "controls before": _share(row["controls_before"]),
                "controls after": _share(row["controls_after"]),
                "beyond controls": _points(row, "effect"),
                "note": row["effect_note"],
            }
            for row in outcome.clauses.iter_rows(named=True)
        ]
    )


def cases(outcome: Outcome) -> pl.DataFrame:
    """Every case with its earlier reviews and its votes, pairs together."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for case, label in outcome.votes.select("case_id", "label").iter_rows():
        votes[case][label] += 1
    return pl.DataFrame(
        [
            {
                **{name: case[name] for name in ("case_id", "item_id", "policy", "clause")},
                "role": "control" if case["is_control"] else TALKED_ABOUT,
                "earlier reviews": written(case["pattern"]),
                "votes": ", ".join(f"{times} × {label}" for label, times in votes[case["case_id"]].most_common()),
                "decided": case["decided"],
                "votes for it": votes[case["case_id"]][case["decided"]] if case["decided"] else None,
            }
            for case in outcome.cases.sort("pair", "is_control").iter_rows(named=True)
        ],
        infer_schema_length=None,
    )


def agenda(outcome: Outcome) -> pl.DataFrame:
    """The cases to talk about, with their earlier reviews: for the moderator and not for voters."""
    return (
        cases(outcome)
        .filter(pl.col("role") == TALKED_ABOUT)
        .select("case_id", "item_id", "policy", "clause", "earlier reviews")
    )


def written(pattern: str) -> str:
    """A pattern of labels for reading: '2 × keep, 1 × remove'."""
    return pattern.replace(BEFORE_LABEL, " × ").replace(BETWEEN_LABELS, ", ")


def remarks(outcome: Outcome) -> list[str]:
    """What else there is to say: alpha, what was decided, and rows that do not count."""
    before, after, rise = outcome.alpha
    said = []
    if before is not None and after is not None:
        ends = theme.interval(rise.low, rise.high, "coefficient", rise.n) or rise.note
        said.append(
            f"Krippendorff's alpha of the cases talked about: {_coefficient(before)} before, {_coefficient(after)} "
            f"after; it rose by {_coefficient(rise.value)} ({ends})."
        )
    decided = cases(outcome).drop_nulls("decided")
    if decided.height:
        voted = outcome.votes.filter(pl.col("case_id").is_in(decided["case_id"].implode())).height
        said.append(f"{decided['votes for it'].sum()} of {counted(voted, 'vote')} are for what was decided.")
    return said + aside(outcome)


def taken(found: Taken) -> str:
    """What became of the rows of some files."""
    aside = counted(len(found.set_aside), "row")
    return f"{counted(found.counted, 'vote')} counted, {found.unchanged} known before, {aside} set aside."


def aside(outcome: Outcome) -> list[str]:
    """Why rows do not count, and what they would have changed."""
    return [
        f"{counted(row['rows'], 'row')} set aside: {row['why']}; "
        + (
            f"with {'it' if row['rows'] == 1 else 'them'}, agreement after would be {_exact(row['with'])} instead of "
            f"{_exact(row['without'])}."
            if row["with"] is not None
            else "what that would have changed cannot be told, as it could not be counted."
        )
        for row in outcome.aside.iter_rows(named=True)
    ]


def drawn(outcome: Outcome) -> pl.DataFrame:
    """The rows of the chart `before_after`."""
    rows = []
    for row in outcome.clauses.filter(pl.col("cases") > 0).iter_rows(named=True):
        values = {
            BEFORE: row["before"],
            AFTER: row["after"],
            EXPECTED: row["expected"],
            CONTROLS: row["controls_after"],
        }
        told = {"clause": row["clause"] or ALL, "rise": _points(row, "rise"), "beyond": _points(row, "effect")}
        for name, value in values.items():
            start, end = (row["before"], row["after"]) if name == AFTER else (None, None)
            n = row["controls"] if name == CONTROLS else row["cases"]
            rows.append({**told, "round": name, "value": value, "start": start, "end": end, "n": n})
    return pl.DataFrame(rows, infer_schema_length=None).drop_nulls("value")


def _share(value: float | None) -> str:
    return "–" if value is None else theme.FORMATS["share"].text(value, coarse=True)


def _exact(value: float | None) -> str:
    return "–" if value is None else theme.FORMATS["share"].text(value)


def _coefficient(value: float | None) -> str:
    return "–" if value is None else theme.FORMATS["coefficient"].text(value, coarse=True)


def _points(row: Row, name: str) -> str:
    """A difference of shares in points, with its interval."""
    if row[name] is None:
        return "–"
    value, low, high = (_signed(row[column]) for column in (name, f"{name}_low", f"{name}_high"))
    return f"{value} points" + (f" ({low} to {high})" if low else "")


def _signed(difference: float | None) -> str:
    if difference is None:
        return ""
    points = round(100 * difference)
    return f"{points:+d}".replace("-", "−") if points else "0"
