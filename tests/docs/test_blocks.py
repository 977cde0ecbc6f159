"""Every block of code in the README and the manual runs as it stands, against the embedded service."""

import os
import re

import pytest

from tests.docs import pages

FENCE = re.compile(r"^(?:```+|~~~+)(\S*)[^\n]*\n(.*?)^(?:```+|~~~+)[ ]*$", re.MULTILINE | re.DOTALL)
SKIP = re.compile(r'^(?:% |<!-- )skip: next "([^"]+)"[^\n]*\n+', re.MULTILINE)
INVISIBLE = re.compile(r"^(?:%|<!--) invisible-code-block: ", re.MULTILINE)
# Why a block is not run, and what makes that true.
REASONS = {
    r"CI runs (?:it|each of them)(?: but (\w+))? by itself": lambda code, match: run_by_ci(code, match[1]),
    r"installs the released package": lambda code, _: "pip install" in code,
    r"the page's test has a service already;.*": lambda code, _: "sahara-local serve" in code,
    r"needs a cloud": lambda code, _: "office" in code,
    r"needs a cloud with jobs": lambda code, _: "dataprocessing export --to " in code,
    r"needs scenario files": lambda code, _: "--from-scenario" in code,
    r"needs a (YARN|Kubernetes) cluster; (tests/\S+) runs jobs on a stand-in for one": lambda code, match: (
        "--spark-master" in code and match[1].lower() in (pages.ROOT / match[2]).read_text().lower()
    ),
    r"runs until Ctrl-C, as (tests/\S+) does": lambda code, match: code.strip() in (pages.ROOT / match[1]).read_text(),
    r"the embedded service's instances have no key pairs": lambda code, _: "cluster update keypair" in code,
    r"no engine of the embedded service suspends jobs": lambda code, _: "job suspend" in code,
}


def code_of(path):
    """A page's blocks of code, each with the reason why it is not run, or None."""
    text = path.read_text()
    reasons = {match.end(): match[1] for match in SKIP.finditer(text)}
    return [(m[2], reasons.get(m.start())) for m in FENCE.finditer(text) if m[1] in pages.RUN]


def run_by_ci(code, exception):
    """Whether CI makes each target that the block makes, or starts what that one does; there may be an exception."""
    ci, makefile = ((pages.ROOT / name).read_text() for name in (".ci/run", "Makefile"))
    commands = [command.split() for line in code.splitlines() if (command := line.partition("#")[0])]
    targets = {target for _, *arguments in commands for target in arguments} - {exception}
    return {program for program, *_ in commands} == {"make"} and all(
        re.search(rf"^(step make|start) {target}\b", ci, re.MULTILINE)
        or ((recipe := re.search(rf"^{target}:.*\n\t(\S+)$", makefile, re.MULTILINE)) and f"step {recipe[1]} " in ci)
        for target in targets
    )


CODE = {path: code_of(path) for path in pages.pages()}
NUMBER_RUN = {
    path: sum(reason is None for _, reason in blocks) + len(INVISIBLE.findall(path.read_text()))
    for path, blocks in CODE.items()
}
NOT_RUN = [
    pytest.param(code, reason, id=f"{pages.named(path)}-{number}")
    for path, blocks in CODE.items()
    for number, (code, reason) in enumerate(blocks, 1)
    if reason is not None
]


@pytest.fixture(scope="session")
def prepared_state(tmp_path_factory):
    """The state of a service on which the page of preparations was followed."""
    folder = tmp_path_factory.mktemp("prepared")
    with pages.service(folder, None) as shell:
        assert pages.run(pages.PREPARATION, shell) == NUMBER_RUN[pages.PREPARATION] > 0
    return folder / "service"


@pytest.fixture
def shell(tmp_path, monkeypatch, prepared_state):
    with pages.service(tmp_path, prepared_state) as shell:
        for name in os.environ.keys() - shell.environment.keys():
            monkeypatch.delenv(name)
        for name, value in shell.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield shell


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # openstacksdk's, on itself
@pytest.mark.filterwarnings("ignore:Passing a user's credentials:DeprecationWarning")
@pytest.mark.parametrize(
    "path", [p for p, number in NUMBER_RUN.items() if number and p != pages.PREPARATION], ids=pages.named
)
def test_code(path, shell):
    """Every block of the page was run, but for those that say why not."""
    assert pages.run(path, shell) == NUMBER_RUN[path]


@pytest.mark.parametrize(("code", "reason"), NOT_RUN)
def test_code_that_is_not_run_has_a_reason_that_holds(code, reason):
    [(match, holds)] = [(m, holds) for pattern, holds in REASONS.items() if (m := re.fullmatch(pattern, reason))]
    assert holds(code, match)


def test_every_reason_stands_before_a_block():
    written = [reason for path in CODE for reason in SKIP.findall(path.read_text())]
    assert written == [parameters.values[1] for parameters in NOT_RUN]


@pytest.mark.parametrize("path", pages.pages(), ids=pages.named)
def test_every_block_says_what_it_is(path):
    languages = {language for language, _ in FENCE.findall(path.read_text()) if not language.startswith("{")}
    assert languages <= pages.RUN | pages.SHOWN
