"""What is written for people is true: files exist, commands run, the changelog has its form."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from dashboard.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
DOCUMENTS = (
    *("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *("docs/answer-key.md", "docs/audits.md", "docs/calibration.md", "docs/coaching.md", "docs/sources.md"),
    *("docs/model.md", "docs/standards.md"),
)
COMMANDS = typer.main.get_command(app).commands

FENCE = re.compile(r"^```(\w*) ?(\S*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"[\w.*<>{},-]+(/[\w.*<>{},-]*)+|[\w<>-]+\.(py|sql|md|toml|txt|csv|png)|Makefile")
CHANGES = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
MADE_BY_RUNNING = tuple((ROOT / ".gitignore").read_text().split())


def mentioned(text: str) -> Iterator[str]:
    """The files that a document links to, or names in code between words; `<topic>` stands for any name."""
    prose = FENCE.sub("", text)
    links = (link for link in re.findall(r"\]\(([^)#\s]+)", prose) if "://" not in link)
    spans = (span for span in re.findall(r"`([^`\n]+)`", prose) if PATH.fullmatch(span))
    return (name for name in (*links, *spans) if not (name + "/").startswith(MADE_BY_RUNNING))


def exists(name: str) -> bool:
    """Whether the tree has such a file, seen from the root or from one of its folders; of a template, its folder."""
    place = name.partition("<")[0].rpartition("/")[0] if "<" in name else name
    return any(ROOT.glob(place)) or any(ROOT.glob(f"*/{place}"))


def readme_commands() -> list[list[str]]:
    """The arguments of every `evenhand` command in the README's blocks, in order."""
    shell = "\n".join(body for language, _, body in FENCE.findall(README) if language == "sh").replace("\\\n", " ")
    lines = (shlex.split(line, comments=True) for line in shell.splitlines())
    return [words[1:] for words in lines if words and words[0].endswith("evenhand")]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_name_only_files_that_exist(document):
    missing = [name for name in mentioned((ROOT / document).read_text()) if not exists(name)]
    assert not missing, ", ".join(missing)


def test_a_file_that_does_not_exist_is_noticed():
    text = "`metrics/<topic>.py`, `share`, `estimate.py`; `metrics/nobody.py`, `nobody/<topic>.sql`, [no](no.md)"
    assert {name for name in mentioned(text) if not exists(name)} == {
        "metrics/nobody.py",
        "nobody/<topic>.sql",
        "no.md",
    }


def test_the_readme_shows_every_command():
    assert {words[0] for words in readme_commands()} == set(COMMANDS)


def test_the_readmes_commands_run_and_print_what_it_shows(tmp_path, monkeypatch):
    """The README's files are written and its commands run in order; the server and Spark are not started."""
    monkeypatch.chdir(tmp_path)
    blocks = FENCE.findall(README)
    for _, name, body in blocks:
        if name:
            Path(name).write_text(body)
    printed = set()
    for words in readme_commands():
        if words[0] not in ("serve", "rollup"):
            result = CliRunner().invoke(app, words)
            assert result.exit_code == 0, f"evenhand {shlex.join(words)}: {result.exception or result.output}"
            printed |= {" ".join(line.split()) for line in result.output.splitlines()}
    shown = {" ".join(line.split()) for language, _, body in blocks if language == "text" for line in body.splitlines()}
    assert shown <= printed


def test_every_option_of_the_readme_is_known():
    for words in readme_commands():
        command = COMMANDS[words[0]]
        inner = getattr(command, "commands", {}).get("".join(words[1:2]))
        known = {option for parameter in (inner or command).params for option in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= known


def test_documents_name_only_verbs_of_the_makefile():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        code = re.findall(r"(?:`|^)make ([a-z]+)", (ROOT / document).read_text(), re.MULTILINE)
        assert set(code) <= targets, document


def test_the_readme_gives_both_commands():
    assert {"run", "test"} <= set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE))


def test_the_changelog_keeps_its_form():
    """Keep a Changelog: a title, then versions, newest first and dated, each with changes of the known kinds."""
    headings = re.findall(r"^(#+) (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == ("#", "Changelog")
    versions = [heading for level, heading in headings if level == "##"]
    assert versions[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", version) for version in versions[1:])
    assert {heading for level, heading in headings if level == "###"} <= CHANGES
