"""Programs as users write them, judged by mypy and by pyright: what both must take, know and refuse."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.docs import pages

PROGRAMS = Path(__file__).parent / "programs"
ROOT = Path(__file__).parents[2]
PYTHON = Path(sys.executable)


def mypy(files, *options):
    """Lines with errors, by file, and what mypy says of each."""
    cache = ROOT / ".mypy_cache" / "-".join(["typing", *options]).replace("--", "")
    command = [
        PYTHON.with_name("mypy"),
        "--config-file=",
        f"--cache-dir={cache}",
        "--no-error-summary",
        "--show-error-codes",
        *options,
        *files,
    ]
    done = subprocess.run([*command, "--output=json"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return by_file(
        (said["file"], said["line"], said["message"], said["severity"])
        for said in map(json.loads, done.stdout.splitlines())
    )


def pyright(files, *options):
    """Lines with errors, by file, and what pyright says of each."""
    command = [PYTHON.with_name("pyright"), "--outputjson", "--pythonpath", PYTHON, *options, *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    said = json.loads(done.stdout)["generalDiagnostics"]
    return by_file((d["file"], d["range"]["start"]["line"] + 1, d["message"], d["severity"]) for d in said)


def by_file(diagnostics):
    found = defaultdict(dict)
    for file, line, message, severity in diagnostics:
        if severity == "error":
            found[Path(file).name].setdefault(line, message)
    return found


CHECKERS = pytest.mark.parametrize(
    ("checker", "options"), [(mypy, ["--strict"]), (pyright, [])], ids=["mypy", "pyright"]
)


@CHECKERS
def test_right_programs_are_taken_and_their_types_known(checker, options):
    assert checker([PROGRAMS / "right.py"], *options) == {}


@CHECKERS
def test_mistakes_are_refused_and_nothing_else(checker, options):
    lines = (PROGRAMS / "wrong.py").read_text().splitlines()
    mistakes = {number for number, line in enumerate(lines, 1) if line.endswith("# refused")}
    found = checker([PROGRAMS / "wrong.py"], *options)["wrong.py"]
    assert {n: lines[n - 1].strip() for n in mistakes - found.keys()} == {}, "not refused"
    assert {n: m for n, m in found.items() if n not in mistakes} == {}, "refused, though right"


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    """A program of each page: its blocks of Python in order, those that are not run left out."""
    folder = tmp_path_factory.mktemp("pages")
    for page in pages.pages():
        blocks = re.findall(
            r"^(<!-- skip|% skip)?[^\n]*\n*^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL
        )
        text = "\n".join(code for skipped, code in blocks if not skipped)
        if text:
            name = re.sub(r"\W", "_", pages.named(page).removesuffix(".md")).lower()
            (folder / f"{name}.py").write_text(text)
    return sorted(folder.iterdir())


@CHECKERS
def test_the_manuals_programs_are_taken(checker, options, programs):
    """As a user's own checks would judge them, who writes no annotations: not strictly."""
    assert len(programs) > 10
    options = ["--check-untyped-defs", "--allow-redefinition", "--ignore-missing-imports"] if checker is mypy else []
    said = checker(programs, *options)
    assert said == {}
