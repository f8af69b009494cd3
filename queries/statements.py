"""The SQL of a question: its own file, and the steps to the reviews that it reads."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from data.errors import LogError
from queries.checking import doubted
from queries.coding import coded_steps
from queries.filters import CONDITIONS, DIMENSIONS, Filters
from queries.modelled import MODEL_DIMENSIONS, MODELLED, of_answers, predicted, scored
from queries.sources import OF_ROWS, Source, is_last, piece

_FOLDER = Path(__file__).parent
LAUNCHED = ("launches", "version_keys", "shadow_keys")
"""The steps of the question who decides by which version of a standard."""
STEPS = (
    *("newest_scores", "scored_items", "dimensions", "plain_dimensions", "lasting", "judged", "judged_before"),
    *("places", "rated_items", "answered_items", "packed", "patterned", "spelled", "split_items"),
    *("answers", "audited_reviews", "overlapping"),
    *LAUNCHED,
)
"""The files that are no questions but what questions read, in this order."""

SLOTS = ("by_1", "by_2", "by_3")
"""The columns that slices stand in, until they get the names of their dimensions."""
SCOPE_FREE = (
    "case_predictions",
    "costs",
    "events",
    "loads",
    "models",
    "references",
    "quarantine_reasons",
    "quarantined",
)
"""Questions about the whole log: they read the tables and not the scope."""

PATTERNED = {"rating_patterns": "rated_items", "gold_answers": "answered_items"}
"""The questions that tell what items got as patterns, and which labels they pack."""

FURTHER: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("audits", "model_audits"), ("audited_reviews",)),
    **dict.fromkeys(("noise_pairs", "clause_pairs", "clause_confusions"), ("overlapping",)),
    "adoption": LAUNCHED,
}
"""What some questions read besides."""

LABELS_A_WORD = 6
"""How many labels `packed.sql` packs into a word."""

# The page was chosen from only so many of the items that are counted whole.
_ITEMS_IN_ALL = "items_in_all + greatest((select items from split_items) - $page_start - $page_size, 0)"

# By the number that the store keeps of each item or review, which is quicker to compare.
_NARROWED = {
    "one_item": "where reviews.item_hash = hash($item_id) and reviews.item_id = $item_id\n",
    "audited": "where reviews.review_hash in (select hash(audits.review_id) from audits)\n",
    "appealed": "where reviews.review_hash in (select hash(appeals.review_id) from appeals)\n",
    "keyed": """where reviews.item_hash in (
    select hash(gold.item_id) from gold
    union all
    select early.item_hash from reviews as early
    inner join standards on early.policy = standards.policy and early.standard_version = standards.version
    where early.decided_at < standards.effective_at
)
""",
    "some_items": "where reviews.item_hash in (select hash(unnest($items)))\n",
}
"""The part of a store's log that a source is."""

_READ_AS = dict.fromkeys(("source", "dimensions", "sliced", "told", "lasting", "scope"), "as not materialized")
"""What reads these twice wants different rows of them, and few of their columns."""


@cache
def source(name: str) -> str:
    """The text of one query file."""
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def names() -> list[str]:
    """Every question that can be asked."""
    return sorted(path.stem for path in _FOLDER.glob("*.sql") if path.stem not in STEPS)


def statement(
    name: str,
    by: Sequence[str] = (),
    *,
    filters: Filters | None = None,
    stands_on: Source = "log",
    is_spelled: bool = False,
    tells_repeats: bool = False,
) -> str:
    """The whole SQL of a question, cut by up to three dimensions, as the engine runs it and as Methods shows it.

    What the filters do not ask for is left out. Spelled out, a question tells the patterns of those items that could
    not be packed. `tells_repeats`: of every repeat the day of the next decision is known.
    """
    if name in SCOPE_FREE:
        return source(name)
    _check(name, by)
    filters = filters or Filters()
    steps = _scope(name, by, filters, stands_on, tells_repeats=tells_repeats)
    if name in MODELLED:
        steps |= {"predicted": predicted(filters), "answers": source("answers"), "scored": scored(by, SLOTS)}
    steps |= {step: source(step) for step in FURTHER.get(name, ())}
    if name in PATTERNED:
        steps |= _patterned(name, is_spelled=is_spelled)
    steps["answer"] = "select *\nfrom patterned\n" if is_spelled else source(name)
    steps |= {"split_items": source("split_items")} if stands_on == "split" else {}
    chosen = f"* replace ({_ITEMS_IN_ALL} as items_in_all)" if stands_on == "split" else "*"
    read = ",\n\n".join(f"{step} {_READ_AS.get(step, 'as')} (\n{sql})" for step, sql in steps.items())
    return f"with {read}\n\nselect {chosen} from answer\n"


def _patterned(name: str, *, is_spelled: bool) -> dict[str, str]:
    """The steps from reviews to the patterns of their items."""
    steps = {"places": source("places"), "rated": source(PATTERNED[name])}
    steps |= {} if is_spelled else {"packed": source("packed")}
    return steps | {"patterned": source("spelled" if is_spelled else "patterned")}


def _scope(name: str, by: Sequence[str], filters: Filters, stands_on: Source, *, tells_repeats: bool) -> dict[str, str]:
    """The steps to the reviews that count, and to those of them with gold.

    What a rollup has counted needs no look at repeats; a label filter comes last: it does not choose which one counts.
    """
    is_coded = stands_on not in OF_ROWS
    if name in MODELLED:
        by = ["" if dimension in MODEL_DIMENSIONS else dimension for dimension in by]
    read = (
        coded_steps(name, stands_on, filters, by, tells_repeats=tells_repeats)
        if is_coded
        else _rows(by, filters, stands_on)
    )
    kept = [] if is_coded else _kept(name, filters)
    ends = []
    if "dimensions" in read:
        read["sliced"] = _sliced("dimensions", by, kept)
        read["told"] = f"select *\nfrom sliced\nwhere not has_repeats or is_told and {is_last(filters, by)}\n"
        read["lasting"] = "select * from told\n" if tells_repeats else source("lasting")
        ends.append("select * from lasting")
    if "named" in read:
        read["counted"] = _sliced("named", by, [])
        ends.append("select * from counted")
    labelled = "where list_contains($labels, label)\n" if filters.labels else ""
    every = "\nunion all by name\n".join(ends)
    read["scope"] = f"select *\nfrom (\n{every}\n)\n{labelled}"
    return read | {"judged": _judged(stands_on)}


def _sliced(step: str, by: Sequence[str], kept: Sequence[str]) -> str:
    """A step with the columns that slices stand in, filtered."""
    known = [*by, *[""] * (len(SLOTS) - len(by))]
    columns = [DIMENSIONS.get(dimension, "cast(null as varchar)") for dimension in known]
    slices = ",\n    ".join(f"{column} as {slot}" for column, slot in zip(columns, SLOTS, strict=True))
    where = f"where {' and '.join(kept)}\n" if kept else ""
    return f"select\n    *,\n    {slices}\nfrom {step}\n{where}"


def _judged(stands_on: Source) -> str:
    if stands_on == "gold_reviews":
        return "select *\nfrom scope\nwhere gold_label is not null\n"
    return source("judged" if stands_on in OF_ROWS else "judged_before")


def _rows(by: Sequence[str], filters: Filters, stands_on: Source) -> dict[str, str]:
    """The steps to single reviews with all that they can be cut by."""
    cut = {*filters.dimensions(), *by}
    return {
        **({"newest_scores": source("newest_scores")} if "model_version" in cut else {}),
        "source": piece("log") + _NARROWED.get(stands_on, ""),
        "dimensions": source("plain_dimensions" if cut.isdisjoint({"team", "site"}) else "dimensions"),
    }


def _kept(name: str, filters: Filters) -> list[str]:
    """The conditions of the filters; what they do not ask for is left out, and what is asked of models comes later."""
    kept = ["day >= $since"] if filters.since else []
    kept += ["day <= $until"] if filters.until else []
    kept += [CONDITIONS[dimension] for dimension in filters.dimensions() if dimension in CONDITIONS]
    kept += [f"review_id not in (\n{doubted(filters.without)}\n)"] if filters.without else []
    return kept if name in MODELLED else kept + of_answers(filters)


def _check(name: str, by: Sequence[str]) -> None:
    known = [*DIMENSIONS, *(["model"] if name in MODELLED else [])]
    if unknown := [dimension for dimension in by if dimension not in known]:
        raise LogError(f"cannot cut by {unknown[0]!r}; the dimensions are {', '.join(known)}")
    if len(by) > len(SLOTS):
        raise LogError(f"cannot cut by {len(by)} dimensions at once; {len(SLOTS)} is the most")
