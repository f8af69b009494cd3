"""Every table and column that Evenhand understands, once.

A log is mapped onto these tables by `data/load.py`; the store is created from them; Data health reads from them which
features a missing column switches off.
"""

from data.columns import SQL_TYPES, Column, Kind, Table

__all__ = ["LABEL_COLUMNS", "SQL_TYPES", "TABLES", "Column", "Kind", "Table"]


def _table(name: str, row: str, key: str, *columns: Column, switches_off: str) -> Table:
    return Table(name, row, columns, tuple(key.split()), switches_off)


REVIEWS = _table(
    "reviews",
    "one reviewer's decision on one item",
    "review_id",
    Column("item_id", "text", "the content that was decided on", required=True),
    Column("reviewer_id", "text", "who decided", required=True),
    Column("label", "text", "the decision", required=True),
    Column("review_id", "text", "identifies the decision; derived from content and source order when absent"),
    Column(
        "decided_at",
        "timestamp",
        "when the decision was made",
        switches_off="everything over time: trends, windows, freshness",
        past=True,
    ),
    Column("claimed_at", "timestamp", "when the reviewer opened the item", switches_off="handle times", past=True),
    Column("queue", "text", "the work queue", switches_off="comparison of queues"),
    Column("policy", "text", "the rule area", switches_off="comparison of policies"),
    Column("market", "text", "the market the item belongs to", switches_off="comparison of markets"),
    Column("language", "text", "the language of the item", switches_off="comparison of languages"),
    Column("content_type", "text", "what kind of content it is", switches_off="comparison of content types"),
    Column(
        "standard_version",
        "text",
        "the version of the written rules in force",
        switches_off="separation of ratings made under different standards",
    ),
    Column("stage", "text", "live, overlap, gold or calibration", switches_off="comparison of stages"),
    Column(
        "is_blind",
        "flag",
        "whether the reviewer saw nobody else's decision",
        switches_off="exclusion of reviews that were not blind: all are taken for blind",
    ),
    Column(
        "model_shown",
        "flag",
        "whether a model's answer was on the screen",
        switches_off="separation of reviews anchored on the model",
    ),
    Column("confidence", "number", "the reviewer's own confidence, 0 to 1", switches_off="confidence calibration"),
    Column("reason_code", "text", "the clause or reason given", switches_off="comparison of reasons"),
    switches_off="everything",
)

GOLD = _table(
    "gold",
    "the right label of one item under one standard",
    "item_id gold_set policy standard_version valid_from",
    Column("item_id", "text", "the item whose right label is known", required=True),
    Column("label", "text", "the right label", required=True),
    Column("gold_set", "text", "the set it belongs to", switches_off="comparison of gold sets"),
    Column("policy", "text", "the policy it is right under; empty means any"),
    Column("standard_version", "text", "the standard it is right under; empty means any", switches_off="stale gold"),
    Column("valid_from", "timestamp", "when it became right"),
    Column("valid_until", "timestamp", "when it stopped being right", switches_off="expiry of gold"),
    switches_off="accuracy, confusion, over- and under-enforcement",
)

AUDITS = _table(
    "audits",
    "an auditor's second, blind decision on one review",
    "review_id auditor_id audited_at",
    Column("review_id", "text", "the review that was audited", required=True),
    Column("auditor_id", "text", "who audited", required=True),
    Column("label", "text", "the auditor's decision", required=True),
    Column("audited_at", "timestamp", "when", required=True, past=True),
    Column("stratum", "text", "the stratum it was drawn from", switches_off="stratified audit intervals"),
    Column(
        "inclusion_probability",
        "number",
        "the probability that this review was drawn, above 0 and at most 1",
        switches_off="weighting: audit estimates are unweighted",
    ),
    Column("is_blind", "flag", "whether the auditor saw no earlier decision"),
    switches_off="audited accuracy",
)

PREDICTIONS = _table(
    "predictions",
    "what one model version said about one item",
    "item_id model model_version",
    Column("item_id", "text", "the item", required=True),
    Column("model", "text", "the model", required=True),
    Column("model_version", "text", "its version", required=True),
    Column("scored_at", "timestamp", "when", switches_off="which version was in force when", past=True),
    Column(
        "label", "text", "the label it gave; one that is no label is no answer", switches_off="model–human agreement"
    ),
    Column("score", "number", "its score, 0 to 1", switches_off="score drift and calibration"),
    Column("threshold", "number", "the score at which it acts", switches_off="the threshold view"),
    switches_off="everything about models",
)

APPEALS = _table(
    "appeals",
    "one appeal against one review",
    "review_id opened_at",
    Column("review_id", "text", "the review appealed against", required=True),
    Column("opened_at", "timestamp", "when it was opened", required=True, past=True),
    Column("decided_at", "timestamp", "when it was decided", past=True),
    Column("outcome", "text", "upheld or overturned", switches_off="the overturn rate"),
    switches_off="the overturn rate",
)

REVIEWERS = _table(
    "reviewers",
    "one reviewer",
    "reviewer_id",
    Column("reviewer_id", "text", "who", required=True),
    Column("team", "text", "the team", switches_off="comparison of teams"),
    Column("site", "text", "the site", switches_off="comparison of sites"),
    Column("hired_on", "date", "the first day of work", switches_off="tenure"),
    Column("left_on", "date", "the last day of work", switches_off="the check for decisions after a reviewer left"),
    Column("languages", "text", "the languages spoken, separated by spaces"),
    switches_off="comparison of teams and sites",
)

STANDARDS = _table(
    "standards",
    "one version of a policy's written rules",
    "policy version",
    Column("policy", "text", "the policy", required=True),
    Column("version", "text", "its version", required=True),
    Column("effective_at", "timestamp", "from when it holds", required=True),
    Column("summary", "text", "what changed"),
    switches_off="the effect of a change of standard",
)

EVENTS = _table(
    "events",
    "something that happened and may explain a change",
    "happened_at kind title",
    Column("happened_at", "timestamp", "when", required=True),
    Column("kind", "text", "policy, model, tooling or staffing", required=True),
    Column("title", "text", "what", required=True),
    switches_off="event marks on charts",
)

LABELS = _table(
    "labels",
    "one label of the taxonomy",
    "label",
    Column("label", "text", "the label", required=True),
    Column("severity", "number", "its ordinal rank, mildest first", required=True),
    Column(
        "is_violating",
        "flag",
        "whether content so labelled breaks a policy",
        switches_off="over-enforcement, under-enforcement, wrong label among violating, "
        "positive and negative agreement, prevalence and bias index",
    ),
    Column("title", "text", "how the label is shown"),
    switches_off="the severity order of labels, and everything that needs to know which labels violate",
)

COSTS = _table(
    "costs",
    "what one kind of mistake costs",
    "true assigned",
    Column("true", "text", "the right label", required=True),
    Column("assigned", "text", "the label given", required=True),
    Column("cost", "number", "what it costs, in any one unit", required=True),
    switches_off="severity-weighted cost",
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (REVIEWS, GOLD, AUDITS, PREDICTIONS, APPEALS, REVIEWERS, STANDARDS, EVENTS, LABELS, COSTS)
}

# Columns that hold a label of the taxonomy, and so must be known to `labels` when that table is filled. What a model
# says instead, such as a refusal, is kept: it is an outcome that is counted.
LABEL_COLUMNS: dict[str, tuple[str, ...]] = {
    "reviews": ("label",),
    "gold": ("label",),
    "audits": ("label",),
    "costs": ("true", "assigned"),
}
