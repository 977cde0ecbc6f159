"""What the blocks of code in the README and the manual say of themselves: their language, and why one is not run."""

import re

import pytest

from tests.docs import pages

# Why a block is not run, and what makes that true.
REASONS = {
    r"CI runs (?:it|each of them)(?: but (\w+(?: and \w+)*))? by itself": lambda code, match: run_by_ci(code, match[1]),
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


def run_by_ci(code, exceptions):
    """Whether CI makes each target that the block makes, or starts what that one does; there may be exceptions."""
    ci, makefile = ((pages.ROOT / name).read_text() for name in (".ci/run", "Makefile"))
    commands = [command.split() for line in code.splitlines() if (command := line.partition("#")[0])]
    targets = {target for _, *arguments in commands for target in arguments} - {*(exceptions or "").split(" and ")}
    return {program for program, *_ in commands} == {"make"} and all(
        re.search(rf"^(step )?make {target}\b", ci, re.MULTILINE)
        or ((recipe := re.search(rf"^{target}:.*\n\t(\S+)$", makefile, re.MULTILINE)) and f"\n{recipe[1]} " in ci)
        for target in targets
    )


NOT_RUN = [
    pytest.param(code, reason, id=f"{pages.named(path)}-{number}")
    for path in pages.pages()
    for number, (code, reason) in enumerate(pages.blocks(path), 1)
    if reason is not None
]


@pytest.mark.parametrize(("code", "reason"), NOT_RUN)
def test_code_that_is_not_run_has_a_reason_that_holds(code, reason):
    [(match, holds)] = [(m, holds) for pattern, holds in REASONS.items() if (m := re.fullmatch(pattern, reason))]
    assert holds(code, match)


def test_every_reason_stands_before_a_block():
    written = [reason for path in pages.pages() for reason in pages.SKIP.findall(path.read_text())]
    assert written == [parameters.values[1] for parameters in NOT_RUN]


@pytest.mark.parametrize("path", pages.pages(), ids=pages.named)
def test_every_block_says_what_it_is(path):
    languages = {language for language, _ in pages.FENCE.findall(path.read_text()) if not language.startswith("{")}
    assert languages <= pages.RUN | pages.SHOWN
