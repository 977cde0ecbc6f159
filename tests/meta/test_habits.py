"""The project's habits: what is checked before a commit, and when a release is one."""

import ast
import pathlib
import re

import pytest
import yaml

from tests.dist import release
from tests.meta import picture

ROOT = pathlib.Path(__file__).parents[2]
LOG = "# Changelog\n\n## Unreleased\n\nAdded\n{}\n## 5.0.1\n\nFixed\n- b\n"
BUILT = ["python_saharaclient-5.0.1.tar.gz", "python_saharaclient-5.0.1-py3-none-any.whl"]


def test_a_commit_is_checked_as_make_check_does():
    [repository] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    hooks = [hook["entry"] for hook in repository["hooks"]]
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    assert hooks == [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe[1].splitlines()]
    assert repository["repo"] == "local", "nothing else is downloaded"
    assert not any(hook["pass_filenames"] for hook in repository["hooks"])


@pytest.mark.parametrize(
    ("version", "changelog", "built", "changed", "tags", "wrong"),
    [
        ("5.0.1", LOG.format(""), BUILT, [], ["5.0.0"], []),
        ("5.0.1", LOG.format(""), BUILT, [], ["5.0.1"], ["tagged already"]),
        ("5.0.1", LOG.format("- a\n- c\n"), BUILT, [], [], ["2 entries"]),
        ("5.0.2", LOG.format(""), BUILT, [], [], ["no section", "not"]),
        ("5.0.1", LOG.format(""), BUILT[:1], ["src/x.py"], [], ["not committed: src/x.py", "make dist"]),
    ],
)
def test_a_release_is_whole(version, changelog, built, changed, tags, wrong):
    found = list(release.problems(version, changelog, built, changed, tags))
    assert len(found) == len(wrong)
    assert all(part in line for part, line in zip(wrong, found, strict=True))


def test_the_picture_of_the_architecture_is_what_the_imports_say():
    """The arrows alone: how many imports each stands for may change until `make pictures`."""
    drawn = (ROOT / "docs" / "images" / "layers.svg").read_text()
    told = re.compile(r"<title>(.+ imports .+) in \d+ places</title>")
    assert told.findall(drawn) == told.findall(picture.draw()), "make pictures, or the first command of its recipe"


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_runs_the_tests_of_another(path):
    """What holds for several services has a fixture over them."""
    imported = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    names = [(node.module, name.name) for node in imported for name in node.names if not node.level]
    assert not [one for one in names if one[0] and one[0].startswith("tests.") and re.match(r"\*|test_", one[1])]


def test_an_arrow_that_others_stand_for_is_left_out():
    assert picture.least({("a", "b"), ("b", "c"), ("a", "c"), ("a", "d")}) == {("a", "b"), ("b", "c"), ("a", "d")}
