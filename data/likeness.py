"""Which raw columns look like which of ours: by their names, and by what their values are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.contract import Column, Table
from data.profiling import Profile

# What columns are called elsewhere, the likeliest first. A name of one table alone comes before one of all.
SYNONYMS: dict[str, str] = {
    "item_id": "item content_id content clip_id clip comment_id post_id document_id doc_id doc document task_id "
    "task_hash sample_id example_id video_id image_id message_id object_id case_id case job_id tweet_id "
    "conversation_id entity_id id link url text",
    "reviewer_id": "reviewer moderator_id moderator annotator_id annotator rater_id rater worker_id worker coder_id "
    "coder labeler completed_by judge analyst agent_id agent user_id user users username employee_id who column",
    "label": "decision decisions verdict rating annotation category answer judgment judgement choice choices vote "
    "action sentiment class responses response accept outcome cell value",
    "review_id": "decision_id annotation_id rating_id",
    "decided_at": "decision_time reviewed_at completed_at finished_at finished submitted_at annotated_at timestamp "
    "created_at created end_time time date datetime updated_at",
    "claimed_at": "claimed started_at started start_time opened_at assigned_at began_at opened start",
    "queue": "queue_name queue_id work_queue",
    "policy": "policies policy_area area rule rule_area violation_type topic policy_name",
    "market": "country region country_code geo",
    "language": "lang locale language_code",
    "content_type": "media_type item_type media",
    "standard_version": "guideline_version policy_version guidelines",
    "stage": "phase",
    "is_blind": "blind",
    "model_shown": "ai_shown suggestion_shown",
    "confidence": "certainty",
    "reason_code": "reason decision_reason clause",
    "gold.label": "gold gold_label truth ground_truth true_label correct_label correct expert_label right_label",
    "gold_set": "set set_name",
    "valid_from": "from",
    "valid_until": "expires_at until",
    "auditor_id": "auditor qa_id qa qa_reviewer second_reviewer checker",
    "audited_at": "audit_time qa_at qa_time checked_at audit_date",
    "audits.label": "audit_label qa_label audit_decision qa_decision",
    "audits.review_id": "decision_id review decision_ref",
    "stratum": "strata",
    "inclusion_probability": "sampling_probability inclusion_prob sampling_rate",
    "model": "model_name classifier model_id",
    "model_version": "version model_ver",
    "scored_at": "predicted_at score_time inferred_at timestamp created_at time",
    "score": "probability prob model_score p",
    "threshold": "cutoff",
    "appeals.review_id": "decision_id review decision_ref",
    "opened_at": "appealed_at appeal_time filed_at appeal_date",
    "appeals.decided_at": "resolved_at closed_at",
    "outcome": "resolution result appeal_outcome",
    "team": "group squad",
    "site": "location office vendor_site",
    "hired_on": "hire_date joined_on joined start_date",
    "left_on": "leave_date termination_date end_date last_day",
    "languages": "spoken_languages",
    "version": "policy_version standard_version",
    "effective_at": "effective_from in_force_from effective_date effective",
    "summary": "changes description what_changed",
    "happened_at": "event_time occurred_at when timestamp time date",
    "kind": "event_type event_kind type category",
    "title": "event name description display_name",
    "severity": "rank level",
    "is_violating": "violating violates is_violation",
    "true": "actual gold truth true_label",
    "assigned": "predicted given assigned_label",
    "cost": "loss penalty",
}
# These words alone say too little when they are but a part of a name.
VAGUE = frozenset(
    {"id", "text", "time", "date", "user", "type", "name", "version", "value", "set", "start", "p", "event"}
)
EXACT, SYNONYM, PART, GUESSED = 1.0, 0.8, 0.4, 0.1
# What a missing required column costs a table, and what the name of a file and a place inside a list are worth.
MISSING, NAMED, INSIDE = 2.0, 0.9, 0.2


@dataclass(frozen=True, slots=True)
class Fed:
    """A column of ours, the raw one that seems to feed it, and why."""

    ours: str
    theirs: Profile
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well raw columns fit a table of the contract: what feeds what, which required columns nothing feeds."""

    table: Table
    fed: tuple[Fed, ...]
    missing: tuple[str, ...]
    score: float


def likeness(table: Table, profiles: Sequence[Profile], *, stem: str, inner: tuple[str, ...] = ()) -> Likeness:
    """The best way to feed a table from raw columns, each of which feeds one of ours at most.

    `stem` is the name of the file, `inner` the lists whose elements are rows.
    """
    free = {profile.name: profile for profile in profiles if profile.filled}
    fed: dict[str, Fed] = {}
    for each in sorted(_candidates(table, free, inner), key=lambda one: -one.score):
        if each.ours not in fed and each.theirs.name in free:
            fed[each.ours] = each
            del free[each.theirs.name]
    if table.name == "reviews" and any(name in fed for name in table.required):
        for each in (found for name in table.required if name not in fed if (found := _by_values(name, free))):
            fed[each.ours] = each
            del free[each.theirs.name]
    chosen = tuple(fed[name] for name in table.names if name in fed)
    missing = tuple(name for name in table.required if name not in fed)
    named = NAMED if stem.lower() in {table.name, table.name.removesuffix("s")} else 0.0
    # One column alone could be that of any table.
    lacking = len(missing) + (len(chosen) == 1)
    return Likeness(table, chosen, missing, sum(each.score for each in chosen) + named - MISSING * lacking)


def _candidates(table: Table, profiles: dict[str, Profile], inner: tuple[str, ...]) -> Iterator[Fed]:
    for column in table.columns:
        suiting = [each for each in profiles.values() if each.suits(column)]
        for each in suiting:
            score, why = by_name(table.name, column.name, each.name)
            if not score:
                continue
            # Who and what are never the same in all rows; and what belongs to one decision stands inside it.
            constant = column.required and each.distinct == 1 < each.filled
            inside = INSIDE * each.name.startswith(inner) * (-1 if column.name == "item_id" else 1) if inner else 0.0
            yield Fed(column.name, each, f"{why}{_values(each, column)}", score / (1 + constant) + inside)


def _by_values(ours: str, free: dict[str, Profile]) -> Fed | None:
    """What could feed a required column of reviews, going by its values alone."""
    texts = [each for each in free.values() if each.times is None and each.distinct > 1]
    repeated = [each for each in texts if each.distinct <= each.filled / 2]
    if ours == "item_id":
        found, why = max(texts, key=lambda each: each.distinct, default=None), "no other has as many different values"
    elif ours == "label":
        few = [each for each in repeated if each.is_category]
        found, why = min(few, key=lambda each: each.distinct, default=None), "few values come again and again"
    else:
        found, why = (
            max((each for each in repeated if not each.is_number), key=lambda each: each.distinct, default=None),
            "its values come again and again",
        )
    return Fed(ours, found, f"only a guess: {why}", GUESSED) if found else None


def _values(found: Profile, column: Column) -> str:
    if column.kind in {"timestamp", "date"}:
        return ", and its values are times"
    if column.kind == "number" and found.is_share:
        return ", and its values lie between 0 and 1"
    return f", {found.distinct:,} different in {found.filled:,} rows"


def by_name(table: str, ours: str, theirs: str) -> tuple[float, str]:
    """How much a raw name is like one of ours, and why; of a path, its last words count."""
    keys = [_plain(part) for part in theirs.split(".") if not part.isdecimal()]
    names = dict.fromkeys([_plain(theirs), *reversed(keys[-2:])])
    words = [*SYNONYMS.get(f"{table}.{ours}", "").split(), *SYNONYMS.get(ours, "").split()]
    for depth, name in enumerate(names):
        if name == ours:
            return EXACT - 0.05 * depth, "it has our name"
        if name in words:
            return SYNONYM - 0.05 * depth - 0.005 * words.index(name), f"{name} is a usual name for it"
    tokens = set(_plain(theirs).split("_"))
    telling = next((word for word in (ours, *words) if word not in VAGUE and set(word.split("_")) <= tokens), None)
    return (PART, f"its name has {telling} in it") if telling else (0.0, "")


def _plain(name: str) -> str:
    """A name in lower case, its words parted by underscores."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
