"""The answer key of a simulated log; `docs/answer-key.md` describes what stands in it."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from data.locking import disk_errors
from data.simulation.checking import APPEALED, AUDITOR_LEANING, AUDITOR_SKILL, INCLUSION, OVERTURNED, STRATA
from data.simulation.content import violating_shares
from data.simulation.effects import Memory
from data.simulation.frames import item_ids
from data.simulation.house import House
from data.simulation.models import SKILL, THRESHOLD, flag_chances
from data.simulation.scenario import POLICY_NAMES, chosen
from data.simulation.standards import NEVER
from data.simulation.truth import OF_REVIEWERS, Truth
from data.simulation.values import FORMULAS, of_reviewers, rounded, values
from data.simulation.world import MODEL, SITES, VERSIONS

SCHEMA = "evenhand-answer-key/1"
CHECKING = {
    "audits": {
        "inclusion_probability": dict(zip(STRATA, INCLUSION.tolist(), strict=True)),
        "auditor": {"d_prime": AUDITOR_SKILL, "criterion": AUDITOR_LEANING},
    },
    "appeals": {
        "opened": dict(zip(("right", "wrong"), APPEALED.tolist(), strict=True)),
        "overturned": dict(zip(("right", "wrong"), OVERTURNED.tolist(), strict=True)),
    },
}


def write_key(path: Path, house: House, truth: Truth, memory: Memory) -> None:
    """Write the answer key of a log."""
    with disk_errors(path):
        path.write_text(json.dumps(answer_key(house, truth, memory), ensure_ascii=False) + "\n", encoding="utf-8")


def answer_key(house: House, truth: Truth, memory: Memory) -> dict[str, Any]:
    """The answer key of a log, as it is written."""
    plan = house.plan
    return {
        "schema": SCHEMA,
        "seed": plan.seed,
        "reviews": plan.reviews,
        "reviewers": plan.reviewers,
        "first_day": plan.first_day.isoformat(),
        "last_day": plan.last_day.isoformat(),
        "faults": _faults(house, memory),
        "metrics": {of: values(of, truth) for of in FORMULAS},
        "people": _people(house, truth),
        "policies": _policies(house),
        "models": _models(house),
        "gold": {
            "items": len(house.gold.wrong),
            "wrong_keys": item_ids(house.gold.items.number[house.gold.wrong]).to_list(),
        },
        **CHECKING,
    }


def _faults(house: House, memory: Memory) -> list[dict[str, Any]]:
    """Every planted fault with its parameters as they were chosen, and whom it concerns."""
    rows = []
    for each in house.faults:
        row: dict[str, Any] = {"name": each.fault.name, **each.fault.values}
        if "day" in row:
            row["date"] = house.plan.at(each.first_day).date().isoformat()
        if each.fault.name == "coaching":
            row["coached"] = house.people.names[memory.coached[house.faults.index(each)]].tolist()
        if each.fault.name == "leaked_gold":
            random = house.plan.stream(f"leak {each.where['gold_set']}")
            knowing = chosen(random, np.arange(house.plan.reviewers), each.number("share"))
            row["knowing"] = house.people.names[np.sort(knowing)].tolist()
        rows.append(row)
    return rows


def _people(house: House, truth: Truth) -> dict[str, Any]:
    """By reviewer: the ability that was planned, and what it comes to on the reviews that were dealt."""
    people = house.people
    found = {f"on_{of}": of_reviewers(of, truth) for of in OF_REVIEWERS}
    return {
        str(name): {
            "team": people.teams[people.team[at]],
            "site": SITES[people.site[at]],
            "skill": rounded(people.skill[at]),
            "leaning": rounded(people.leaning[at]),
            "policy_skill": dict(zip(POLICY_NAMES, rounded(people.policy_skill[at]), strict=True)),
            "hired_days_before": -int(people.hired[at]),
            **{where: of_everybody[at] for where, of_everybody in found.items()},
        }
        for at, name in enumerate(people.names)
    }


def _policies(house: House) -> dict[str, Any]:
    """By policy: the share of its content that violates on each day under the first version, and its change."""
    shares = np.stack([violating_shares(house.faults, day) for day in range(house.plan.days)])
    return {
        name: {"violating_share": rounded(shares[:, at]), "change": _change(house, at)}
        for at, name in enumerate(POLICY_NAMES)
    }


def _change(house: House, policy: int) -> dict[str, Any] | None:
    rules = house.standards
    if rules.changed_from[policy] == NEVER:
        return None
    return {
        "version": VERSIONS[1],
        "date": house.plan.at(int(rules.changed_from[policy])).date().isoformat(),
        "share": float(rules.share[policy]),
        "direction": "stricter" if rules.stricter[policy] else "looser",
        "gold_is_stale": bool(rules.stale[policy]),
        "followed_from_day": dict(
            zip(house.people.names.tolist(), (rules.followed_from[:, policy] + 1).tolist(), strict=True)
        ),
    }


def _models(house: House) -> list[dict[str, Any]]:
    """By version: its d', what the score takes it for, and how often it flags what violates and what does not."""
    return [
        {
            "model": MODEL,
            "version": version.name,
            "date": house.plan.at(version.first_day).date().isoformat(),
            "d_prime": dict(zip(POLICY_NAMES, version.skill.tolist(), strict=True)),
            "assumed_d_prime": SKILL,
            "threshold": THRESHOLD,
            "false_positive_rate": dict(zip(POLICY_NAMES, rounded(flag_chances(version)[0]), strict=True)),
            "recall": dict(zip(POLICY_NAMES, rounded(flag_chances(version)[1]), strict=True)),
            "follows": [policy for policy, follows in zip(POLICY_NAMES, version.follows, strict=True) if follows],
        }
        for version in house.versions
    ]
