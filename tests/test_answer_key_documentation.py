"""`docs/answer-key.md` describes the answer key: every key of a real one, with its type, and no other."""

import datetime as dt
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data.simulate import simulate
from data.simulation.faults import FAULTS, plant
from data.simulation.plan import Plan

TEXT = (Path(__file__).parents[1] / "docs" / "answer-key.md").read_text()
CELLS = r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$"
EXAMPLE = re.search(
    r"^## An example$.*?`evenhand (simulate [^`]+)`.*?```json\n(.*?)```", TEXT, re.MULTILINE | re.DOTALL
)


def rows(heading: str) -> list[tuple[str, str, str]]:
    """The rows of three cells below a heading, of which the first is code."""
    return re.findall(CELLS, TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0], re.MULTILINE)


def is_number(value: Any) -> bool:
    return value is None or isinstance(value, float)


def is_date(value: Any) -> bool:
    return isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value


def is_list_of(kind: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(kind, value))


def is_text(value: Any) -> bool:
    return isinstance(value, str)


TYPES: dict[str, Callable[[Any], bool]] = {
    "text": is_text,
    "number": is_number,
    "whole number": lambda value: type(value) is int,
    "number or text": lambda value: is_text(value) or type(value) is int or is_number(value),
    "date": is_date,
    "true or false": lambda value: isinstance(value, bool),
    "list of text": is_list_of(is_text),
    "list of numbers": is_list_of(is_number),
    "nothing": lambda value: value is None,
}


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value of a key with its path; the entries of a list of objects share one."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, (*path, name))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for part in value:
            yield from leaves(part, (*path[:-1], f"{path[-1]}[]"))
    else:
        yield path, value


def described(path: tuple[str, ...], keys: dict[tuple[str, ...], str]) -> tuple[str, ...] | None:
    """The described key that a path is of: of several, the one with the fewest names left open."""
    matching = [
        key
        for key in keys
        if len(key) == len(path)
        and all(ours == theirs or ours.startswith("<") for ours, theirs in zip(key, path, strict=True))
    ]
    return min(matching, key=lambda key: sum(part.startswith("<") for part in key), default=None)


@pytest.fixture(scope="module")
def key(tmp_path_factory) -> dict[str, Any]:
    """The answer key of a log with every fault."""
    policies = {"standard_change": "harassment", "stale_gold": "violence"}
    faults = tuple(plant(name, **({"policy": policies[name]} if name in policies else {})) for name in FAULTS)
    folder = tmp_path_factory.mktemp("documented") / "log"
    simulate(folder, Plan(reviews=6_000, days=14, reviewers=40, gold_share=0.2, faults=faults))
    return json.loads((folder / "answer_key.json").read_text())


def test_every_key_is_described_with_its_type_and_no_other(key):
    keys = {tuple(name.split(".")): kind for name, kind, _ in rows("Every key")}
    found = set()
    for path, value in leaves(key):
        matching = described(path, keys)
        assert matching is not None, ".".join(path)
        assert TYPES[keys[matching]](value), f"{'.'.join(path)} is no {keys[matching]}: {value}"
        found.add(matching)
    assert found == set(keys)


def test_every_metric_is_named_with_what_it_is_of(key):
    section = TEXT.partition("\n## What a true value is conditional on\n")[2].partition("\n## ")[0]
    told = {
        cells[0]: re.findall(r"`(\w+)`", cells[-1])
        for cells in re.findall(r"^\| `(\w+)` \|.*\|(.+)\|$", section, re.MULTILINE)
    }
    assert {of: sorted(names) for of, names in told.items()} == {
        of: sorted(names) for of, names in key["metrics"].items()
    }


def test_every_dimension_is_named(key):
    (meaning,) = (
        text for name, _, text in rows("Every key") if name == "metrics.<of>.<metric>.by.<dimension>.<value>.all"
    )
    assert set(key["metrics"]["gold"]["accuracy"]["by"]) <= set(re.findall(r"\w+", meaning))


def test_every_fault_and_parameter_is_described_with_its_default():
    told = {name: re.findall(r"`(\w+)=([^`]+)`", parameters) for name, _, parameters in rows("The faults")}
    assert told == {
        name: [(parameter, str(default)) for parameter, default in kind.parameters.items()]
        for name, kind in FAULTS.items()
    }


def is_part(part: Any, whole: Any) -> bool:
    """Whether all that is shown stands in the whole."""
    if isinstance(part, dict):
        return all(name in whole and is_part(value, whole[name]) for name, value in part.items())
    return part == whole


def test_the_example_is_part_of_the_key_that_its_command_writes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert EXAMPLE
    result = CliRunner().invoke(app, shlex.split(EXAMPLE[1]))
    assert result.exit_code == 0, result.output
    assert is_part(json.loads(EXAMPLE[2]), json.loads(Path("log/answer_key.json").read_text()))
