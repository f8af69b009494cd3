"""What Evenhand stands on: bounded, declared, and under licences that let anybody use it."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
ROOMS = ("data", "queries", "metrics", "dashboard")


def direct(name: str) -> list[Requirement]:
    """The requirements that a list names itself, without the project and other lists."""
    lines = (ROOT / name).read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def with_theirs(requirements: list[Requirement]) -> dict[str, Distribution]:
    """The distributions that requirements bring on this machine, by name."""
    found: dict[str, Distribution] = {}
    waiting = [(requirement.name, requirement.extras) for requirement in requirements]
    while waiting:
        name, extras = waiting.pop()
        known = found.setdefault(name.lower(), distribution(name))
        for line in known.requires or ():
            theirs = Requirement(line)
            wanted = theirs.marker is None or any(theirs.marker.evaluate({"extra": extra}) for extra in extras | {""})
            if wanted and theirs.name.lower() not in found:
                waiting.append((theirs.name, theirs.extras))
    return found


def licences(known: Distribution) -> list[str]:
    """What a distribution says about its licence: an expression, else classifiers, else the first line of free text."""
    said = known.metadata
    expression = said.get_all("License-Expression", [])
    classifiers = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier", []) if line.startswith("License")]
    text = [line.splitlines()[0] for line in said.get_all("License", []) if line.strip()]
    return expression or classifiers or text


def imported() -> Iterator[str]:
    """The top-level names that the rooms import."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    yield from (alias.name.partition(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield node.module.partition(".")[0]


def extras() -> dict[str, list[Requirement]]:
    """The requirements of our extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {name: [Requirement(line) for line in lines] for name, lines in project["optional-dependencies"].items()}


# The extras that the tests use are installed with them.
RUNTIME = [
    *direct("requirements.txt"),
    *(each for name in ("postgres", "sqlite", "s3", "spark") for each in extras()[name]),
]


@pytest.mark.parametrize("known", with_theirs(RUNTIME).values(), ids=lambda known: known.name)
def test_every_runtime_dependency_has_a_permissive_licence(known):
    said = licences(known)
    assert said, f"{known.name} does not say its licence"
    assert not [licence for licence in said if re.search(r"GPL|GNU|Affero", licence)]


def test_a_copyleft_licence_would_be_seen():
    """The tests' own oracle is under the GPL, which is why it is not a runtime dependency."""
    assert any("GPL" in licence for licence in licences(distribution("krippendorff")))


@pytest.mark.parametrize("requirement", dict.fromkeys([*RUNTIME, *extras()["gcs"]]), ids=str)
def test_every_direct_dependency_has_a_lower_and_an_upper_bound(requirement):
    assert {bound.operator for bound in requirement.specifier} == {">=", "<"}


def test_the_rooms_import_only_what_is_declared():
    declared = {requirement.name.lower() for requirement in RUNTIME}
    brings = packages_distributions()
    for name in set(imported()) - sys.stdlib_module_names - set(ROOMS):
        assert declared & {known.lower() for known in brings.get(name, [])}, f"{name} is not declared"
