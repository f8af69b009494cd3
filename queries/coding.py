"""The steps from the pieces of a rollup, in which numbers stand for texts, to what the steps of every question read.

What is counted is added up before the numbers become texts: a question about queues reads a number for each cell and
label, whatever the days and reviewers were.
"""

# ruff: noqa: S608 - tables and columns are ours

from collections.abc import Sequence

from queries.filters import CONDITIONS, Filters
from queries.sources import Source, is_last, piece, pieces

OF_CELLS = ("queue", "policy", "market", "language", "stage", "standard_version")
_OF_REVIEWERS = ("reviewer", "team", "site")
_OF_TIME = {"day", "week", "month"}
_REVIEWS = ("times", "timed", "items")
_COUNTED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **dict.fromkeys(("daily", "weekly", "around_weeks"), (("label",), _REVIEWS)),
    **dict.fromkeys(("reviewer_daily", "reviewer_weekly", "reviewer_around_weeks"), (("reviewer", "label"), _REVIEWS)),
    **dict.fromkeys(("whole_items", "whole_months", "before_months", "after_months"), (("pattern",), ("items",))),
    **dict.fromkeys(("pairs", "pair_totals"), (("reviewer", "label", "other_reviewer", "other_label"), ("times",))),
    "gold_reviews": (("reviewer", "label", "gold_label"), ("times",)),
}
"""The pieces of which a row stands for several, what is always told apart in them, and what they count."""
_OF_ITEMS = ("distinct_items", "rating_patterns")
_TALLIED = ("gold_tallies",)
_NAMING = ("reviewer_pairs", "peer_pairs", "noise_pairs", "cases", "case_reviews")
"""The questions that name reviewers."""
_PAIRED = ("pairs", "pair_totals")
_OF_ONE = "(select place from reviewer_places where reviewer_id = $reviewer_a) in (reviewer, other_reviewer)"
_AS_THEY_ARE = ("times", "timed", "items", "day", "decided_at", "sequence", "has_repeats", "is_told", "next_day")
_COLUMNS = {
    **{column: f"source.{column}" for column in _AS_THEY_ARE},
    **{dimension: f"cells.{dimension}" for dimension in OF_CELLS},
    "is_independent": "coalesce(cells.is_independent, true)",
    "label": "label_places.label",
    "reviewer_id": "source.reviewer",
    "item_id": "source.item",
    "week": "cast(date_trunc('week', source.day) as date)",
    "month": "cast(date_trunc('month', source.day) as date)",
    **dict.fromkeys(("pattern", "other_reviewer_id", "other_label", "team", "site"), "cast(null as varchar)"),
}
"""The columns that questions read; a number stands for who and what is only told apart."""
_JOINS = ("cells on source.cell = cells.cell", "label_places on source.label = label_places.place")
_ALONE = "case when source.items > 0 then '1' || chr(31) || label_places.label end"
_LOOKED_UP: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "people": (
        {"reviewer_id": "reviewer_places.reviewer_id"},
        ("reviewer_places on source.reviewer = reviewer_places.place",),
    ),
    "teams": (
        {"team": "reviewers.team", "site": "reviewers.site"},
        ("reviewers on reviewer_places.reviewer_id = reviewers.reviewer_id",),
    ),
    "patterns": (
        {"pattern": f"coalesce(item_patterns.pattern, {_ALONE})"},
        ("item_patterns on source.pattern = item_patterns.place",),
    ),
    "pairs": (
        {"other_reviewer_id": "others.reviewer_id", "other_label": "other_labels.label"},
        (
            "reviewer_places as others on source.other_reviewer = others.place",
            "label_places as other_labels on source.other_label = other_labels.place",
        ),
    ),
    "gold": ({"item_id": "source.item_id", "gold_label": "source.gold_label"}, ()),
    "items": ({"item_id": "shared_items.item_id"}, ("shared_items on source.item = shared_items.item",)),
}
"""The columns that other tables fill, and how these are joined."""
# So many fewer sums become texts, where only policy and language are told apart.
_TOPICS = "select cell, min(cell) over (partition by policy, language) as topic\nfrom cells\n"
_UNION = "\nunion all by name\n"
_PEOPLE = """select reviewer_places.*, reviewers.team, reviewers.site
from reviewer_places left join reviewers on reviewer_places.reviewer_id = reviewers.reviewer_id
"""


def coded_steps(
    name: str, stands_on: Source, filters: Filters, by: Sequence[str], *, tells_repeats: bool
) -> dict[str, str]:
    """The steps of a question that stands on rollups: to `named`, what they have counted, and to `dimensions`, reviews.

    Only those are there that the question needs.
    """
    steps = {}
    kept = " and ".join(CONDITIONS[each] for each in filters.dimensions() if each in OF_CELLS)
    if kept or stands_on in ("split", "alike"):
        steps["kept_cells"] = f"select cell from cells where {kept or 'true'}\n"
    if kept := " and ".join(CONDITIONS[each] for each in filters.dimensions() if each in _OF_REVIEWERS):
        steps["people"] = _PEOPLE
        steps["kept_reviewers"] = f"select place from people where {kept}\n"
    every = pieces(name, stands_on, filters, by)
    # Answers on gold are counted only for a question of counts, and only where their days tell of every repeat.
    uncounted = set() if name in _TALLIED and tells_repeats else {"gold_reviews"}
    counted = [each for each in every if each in _COUNTED and each not in uncounted]
    single = [each for each in every if each not in counted and not (each == "repeats" and tells_repeats)]
    needed = _needed(name, stands_on, {*filters.dimensions(), *by})
    if counted:
        if name in _TALLIED and not {*by} & {*OF_CELLS} - {"policy", "language"}:
            steps["topics"] = _TOPICS
        read = [_added_up(each, name, filters, by, steps) for each in counted]
        steps |= {"counts": _UNION.join([_read("nothing", steps), *read]), "named": _named("counts", needed)}
    if single:
        read = [_read(each, steps) for each in ("nothing", *single)]
        steps |= {"source": _UNION.join(read), "dimensions": _named("source", needed)}
    return steps


def _read(which: str, steps: dict[str, str]) -> str:
    """A piece, cut by the filters."""
    return f"select *\nfrom (\n{piece(which)})\n{_where(_kept(which, steps))}"


def _added_up(which: str, name: str, filters: Filters, by: Sequence[str], steps: dict[str, str]) -> str:
    """A piece whose rows stand for several, cut by the filters and added up."""
    told_apart, measures = _COUNTED[which]
    kept = _kept(which, steps)
    keys = [*told_apart, *(["cell"] if name in _TALLIED or {*filters.dimensions(), *by} & {*OF_CELLS} else [])]
    keys += ["day"] if _OF_TIME & {*by} or name == "span" else []
    if which in _PAIRED:
        kept += ["other_reviewer in (select place from kept_reviewers)"] if "kept_reviewers" in steps else []
        kept += [_OF_ONE] if name == "peer_pairs" else []
    elif name in _OF_ITEMS:
        kept += ["items > 0"]
        # Of a reviewer's repeats the last counts even where it is not independent; these items have no repeats.
        kept += ["cell in (select cell from cells where is_independent)"] if name == "rating_patterns" else []
    elif which == "gold_reviews":
        kept += ["gold_label is not null", f"(not has_repeats or is_told and {is_last(filters, by)})"]
    if "timed" in measures:
        kept.append(is_last(filters, by))
    summed = ", ".join(f"cast(sum({each}) as bigint) as {each}" for each in measures)
    together = ", ".join(keys)
    rows = f"from (\n{piece(which)})\n{_where(kept)}"
    if "topics" in steps:
        rows = f"from (\n{_by_topic(told_apart, measures, rows)})\n"
    return f"select {together}, false as has_repeats, {summed}\n{rows}group by {together}\n"


def _by_topic(told_apart: Sequence[str], measures: Sequence[str], rows: str) -> str:
    """The rows of a piece with the cell that stands for all of its topic."""
    columns = ", ".join(f"told.{column}" for column in (*told_apart, *measures, "day"))
    told = f"(\nselect *\n{rows}) as told inner join topics on told.cell = topics.cell\n"
    return f"select {columns}, topics.topic as cell\nfrom {told}"


def _kept(which: str, steps: dict[str, str]) -> list[str]:
    """The conditions that the filters put on the rows of a piece."""
    kept = []
    if "kept_cells" in steps and which not in ("nothing", "pair_totals"):
        kept.append("cell in (select cell from kept_cells)")
    if "kept_reviewers" in steps and which != "nothing":
        kept.append("reviewer in (select place from kept_reviewers)")
    return kept


def _where(conditions: Sequence[str]) -> str:
    return f"where {' and '.join(conditions)}\n" if conditions else ""


def _named(step: str, needed: Sequence[str]) -> str:
    """A step with texts for the numbers that the question needs as texts."""
    columns, joins = dict(_COLUMNS), list(_JOINS)
    for looked_up in needed:
        more, joined = _LOOKED_UP[looked_up]
        columns |= more
        joins += joined
    listed = ",\n    ".join(f"{sql} as {column}" for column, sql in columns.items())
    return f"select\n    {listed}\nfrom {step} as source\n" + "".join(f"left join {each}\n" for each in joins)


def _needed(name: str, stands_on: Source, cut: set[str]) -> list[str]:
    """What must be looked up for a question, beside cells and labels."""
    asked = {
        "people": name in _NAMING or bool(cut & {*_OF_REVIEWERS}),
        "teams": bool(cut & {"team", "site"}),
        "patterns": name in _OF_ITEMS,
        "pairs": stands_on in _PAIRED,
        "gold": stands_on == "gold_reviews",
        "items": name in ("cases", "split_cases") and stands_on != "gold_reviews",
    }
    return [looked_up for looked_up, is_needed in asked.items() if is_needed]
