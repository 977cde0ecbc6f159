"""The pages with code, their blocks, and the service that a page's code meets."""

import doctest
import os
import re
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from unittest import SkipTest

import yaml
from sybil import Document
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser

from saharaclient.local import LocalSahara
from saharaclient.local.engines.processes import end
from saharaclient.local.login import environment
from saharaclient.local.server.state_folder import find_running
from tests.docs.shell import Shell, agrees

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PREPARATION = DOCS / "howto" / "prepare.md"
RUN = {"python", "shell", "console"}  # the languages of blocks that are code
SHOWN = {"text", "yaml", "ini", "json", "toml"}  # and of those that are not
FENCE = re.compile(r"^(?:```+|~~~+)(\S*)[^\n]*\n(.*?)^(?:```+|~~~+)[ ]*$", re.MULTILINE | re.DOTALL)
SKIP = re.compile(r'^(?:% |<!-- )skip: next "([^"]+)"[^\n]*\n+', re.MULTILINE)
INVISIBLE = re.compile(r"^(?:%|<!--) invisible-code-block: ", re.MULTILINE)
CLOUD = "mycloud"  # the entry of clouds.yaml that pages connect to
UPDATE = bool(os.environ.get("UPDATE_DOCS"))  # write what sessions print into the pages, in place of comparing


def named(path):
    return str(path.relative_to(ROOT))


def pages():
    return [ROOT / "README.md", *sorted(path for path in DOCS.rglob("*.md") if path.name != "figures-table.md")]


def blocks(path):
    """A page's blocks of code, each with the reason why it is not run, or None."""
    text = path.read_text()
    reasons = {match.end(): match[1] for match in SKIP.finditer(text)}
    return [(m[2], reasons.get(m.start())) for m in FENCE.finditer(text) if m[1] in RUN]


def number_run(path):
    """How many of its blocks are run, those that the reader does not see among them."""
    return sum(reason is None for _, reason in blocks(path)) + len(INVISIBLE.findall(path.read_text()))


def parse(path, shell=None):
    """A page's blocks that are code, in order, each with an `evaluate`."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    parsers = [
        PythonCodeBlockParser(doctest_optionflags=flags),
        CodeBlockParser("shell", lambda example: shell.block(example.parsed)),
        CodeBlockParser("console", lambda example: compare(example, shell)),
        SkipParser(),
    ]
    document = Document.parse(str(path), *parsers)
    document.namespace["__name__"] = "__main__"
    return document


def compare(example, shell):
    exchanges = shell.session(example.parsed)
    wrong = [(command, shown, printed) for command, shown, printed in exchanges if not agrees(shown, printed)]
    if wrong and UPDATE:
        text = Path(example.path).read_text()
        session = ""
        for command, shown, printed in exchanges:
            output = shown if agrees(shown, printed) else printed.strip("\n") + "\n"
            session += f"$ {command}".replace("\n", "\n> ") + "\n" + output
        assert example.parsed in text
        Path(example.path).write_text(text.replace(example.parsed, session))
        return
    assert not wrong, "\n".join(f"$ {c}\n--- the page shows:\n{s}--- it printed:\n{p}" for c, s, p in wrong)


def run(path, shell):
    """Run a page's code from its beginning; answers how many blocks were run."""
    count = 0
    for example in parse(path, shell).examples():
        # Python is started in the page's shell
        os.environ.update({name: value for name, value in shell.variables().items() if name.startswith("OS_")})
        try:
            example.evaluate()
        except SkipTest:
            continue
        except Exception as error:
            raise AssertionError(f"{named(path)}, line {example.line}: {error}") from error
        count += isinstance(example.parsed, str)  # the others are directives to skip
    return count


@contextmanager
def service(folder, state):
    """A service, the variables that name it, and a shell that has them; `state` is copied where there is one."""
    own = folder / "service"
    if state is not None:
        shutil.copytree(state, own)
    with LocalSahara(own) as sahara:
        running, password = find_running(own)
        (folder / "examples").symlink_to(ROOT / "examples")
        (folder / "clouds.yaml").write_text(yaml.safe_dump({"clouds": {CLOUD: sahara.cloud}}))
        variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("OS_", "SAHARA_"))},
            **environment(running, password),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "XDG_STATE_HOME": str(folder / ".local" / "state"),
            "COLUMNS": "100",
            "SAHARA_LOCAL_CACHE": os.environ["SAHARA_LOCAL_CACHE"],
        }
        shell = Shell(folder, variables)
        try:
            yield shell
        finally:
            shell.close()
            end([], folder)  # clusters of services that a page has started outlive them
