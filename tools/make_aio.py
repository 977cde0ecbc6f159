"""Make the asynchronous surface, `saharaclient.aio`, from the synchronous managers and clients in `saharaclient.api`.

    make_aio.py [--check]

--check changes nothing, and fails if what is there is not what would be made.
"""

import argparse
import ast
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[1]
API = ROOT / "src" / "saharaclient" / "api"
AIO = ROOT / "src" / "saharaclient" / "aio"
BY_HAND = {"__init__.py", "driver.py"}
BASE = "managers"  # what base.py's managers are in; annotations name the synchronous `base` too
MADE = "# Made by tools/make_aio.py from {source}: change that and run `make aio`.\n"
RUFF = [Path(sys.executable).with_name("ruff")]

# How a call becomes asynchronous, where that is not one call in a thread.
ITERATE = {
    "base": "return self._driver.whole(lambda: self._sync.list(search_opts))",
    "pageable": "return self._driver.pages(\n"
    "    lambda pager: self._sync._next_page(pager, search_opts, sort_by, reverse), Pager(page_size)\n)",
}
TRANSFERS = {"upload", "download"}


def is_manager(node):
    return isinstance(node, ast.ClassDef) and re.search(r"Manager(V[12])?$|Waits$|Methods$|^BinaryData$", node.name)


def arguments(node, leave=("self",)):
    """The arguments of a method as it hands them on."""
    named = [a.arg for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in leave]
    by_name = [f"{a.arg}={a.arg}" for a in node.args.kwonlyargs if a.arg not in leave]
    rest = [f"**{node.args.kwarg.arg}"] if node.args.kwarg else []
    return ", ".join([*named, *by_name, *rest])


def without_cancel(node):
    """A wait without its event: a task is cancelled as tasks are."""
    kept = [(a, d) for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if a.arg != "cancel"]
    node.args.kwonlyargs, node.args.kw_defaults = [a for a, _ in kept], [d for _, d in kept]


def docstring(node):
    text = ast.get_docstring(node) or ""
    text = re.sub(r"^    cancel: .*\n(        .*\n)*", "", text, flags=re.MULTILINE)
    return re.sub(r"^    OperationCancelled: .*\n", "", text, flags=re.MULTILINE)


def quoted(text):
    end = "\n" if "\n" in text else ""
    return f'"""{text}{end}"""'


def body(module, node, returned):
    """The statements of the asynchronous method."""
    name, given = node.name, arguments(node)
    if name == "iterate":
        return ITERATE[module]
    if name == "logs":
        return f"return self._driver.lines(self._sync, {given})"
    if name.startswith("wait"):
        waited = f'await self._driver.wait(self._sync, "{name}", {given})'
        return waited if returned == "None" else f"found: {returned} = {waited}\nreturn found"
    how = "transfer" if name in TRANSFERS else "call"
    return f"return await self._driver.{how}(self._sync.{name}, {given_to(how, node)})"


def given_to(how, node):
    given = arguments(node, leave=("self", "on_progress") if how == "transfer" else ("self",))
    return f"{given}, on_progress=on_progress" if how == "transfer" else given


def method(module, node):
    without_cancel(node)
    returned = ast.unparse(node.returns)
    is_iterator = returned.startswith("Iterator[")
    head = "def" if is_iterator else "async def"
    lines = [f"{head} {node.name}({ast.unparse(node.args)}) -> {'Async' * is_iterator}{returned}:"]
    lines.append(textwrap.indent(quoted(docstring(node)), "    "))
    lines.append(textwrap.indent(body(module, node, returned), "    "))
    return "\n".join(lines)


def parameters_of(node):
    """The type variables of a class, as a subscript."""
    inside = [ast.unparse(b) for b in node.bases]
    generic = next((b for b in inside if b.startswith("Generic[")), None)
    found = re.search(r"\[(.*)\]", generic or inside[0])
    names = [n for n in re.split(r",\s*", found[1] if found else "") if n in ("base.R", "R", "Whole")]
    return f"[{', '.join(names)}]" if names else ""


def manager(module, node):
    bases = [ast.unparse(b) for b in node.bases]
    if module == "base":
        bases = ["driver.Manager[base.R]"]
    bases = [re.sub(r"^base\.", f"{BASE}.", b) for b in bases]
    lines = [f"class {node.name}({', '.join(bases)}):"]
    if text := docstring(node).partition("\n\nArgs:")[0]:  # they are made by the clients
        lines += [textwrap.indent(quoted(text), "    "), ""]
    parameters = "[base.R]" if module == "base" else parameters_of(node)
    lines += [f"    _sync: sync.{node.name}{parameters}" if module != "base" else "    _sync: Any", ""]
    for part in node.body:
        if isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "NotUpdated":
            lines += [f"    {ast.unparse(part)}", ""]
        if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
            lines += [textwrap.indent(method(module, part), "    "), ""]
    return "\n".join(lines)


def made_of(source):
    """The asynchronous module of a synchronous one; None if it has no managers."""
    tree, module = ast.parse(source.read_text()), source.stem
    managers = [node for node in tree.body if is_manager(node)]
    if not managers:
        return None
    classes = "\n\n\n".join(manager(module, node) for node in managers)
    if module == "base":
        classes = re.sub(r"(?<![.\w])R\b", "base.R", classes)
    package = ".".join(source.relative_to(API).with_suffix("").parts[:-1])
    own = {n.name for n in managers}
    defined = {n.name for n in tree.body if isinstance(n, ast.ClassDef)} - own
    defined |= {
        ast.unparse(t)
        for n in tree.body
        if isinstance(n, ast.Assign)
        for t in n.targets
        if "Manager" not in ast.unparse(t)
    }
    used = sorted(n for n in defined if re.search(rf"(?<![.\w]){n}\b", classes))
    full = f"saharaclient.api.{package + '.' if package else ''}{module}"
    imports = [ast.unparse(n) for n in tree.body if isinstance(n, ast.ImportFrom | ast.Import)]
    imports += [
        ast.unparse(n) for b in tree.body if isinstance(b, ast.If) for n in b.body if isinstance(n, ast.ImportFrom)
    ]
    imports = [i.replace("Iterator", "AsyncIterator, Iterator") if "collections.abc" in i else i for i in imports]
    if not re.search(r"(?<!['\"])\btypes\.", classes):
        imports = [f"{i}  # noqa: F401 - in a text" if i == "from saharaclient import types" else i for i in imports]
    imports = [i for i in imports if "__future__" not in i and not i.startswith("from saharaclient.api import")]
    above = [*re.findall(r"^class \w+\((\w+)\.", classes, re.MULTILINE)]
    imports += [f"from saharaclient.aio import {', '.join(sorted({'driver', *above}))}"]
    sync = [n for n in ("base", "bodies") if n not in above]
    imports += [
        f"from saharaclient.api import {', '.join(sync)}",
        "from typing import Any",
        "from saharaclient._core.paging import Pager",
    ]
    if used and module != "base":
        imports += [f"from {full} import {', '.join(used)}"]
    if module != "base":
        imports += [f"from {full.rpartition('.')[0]} import {module} as sync"]
    text = f'"""{docstring(tree).splitlines()[0]}"""\n{MADE.format(source=source.relative_to(ROOT))}'
    return (
        f"{text}\nfrom __future__ import annotations\n\n"
        + "\n".join(imports)
        + f"\n\n\n{classes}\n{aliases(tree, own)}"
    )


def aliases(tree, own):
    """The names without a version, which mean API 1.1 as in the synchronous modules."""
    found = [n for n in tree.body if isinstance(n, ast.Assign) and isinstance(n.value, ast.Name) and n.value.id in own]
    return "\n\n" + "\n".join(map(ast.unparse, found)) + "\n" if found else ""


WIDTH = """    width: threads at most, and so requests under way at once; pauses and waits need none.
"""


def clients():
    """The module of the clients."""
    source = API / "client.py"
    tree = ast.parse(source.read_text())
    classes = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef)}
    init = next(n for n in classes["AnyClient"].body if isinstance(n, ast.FunctionDef) and n.name == "__init__")
    handed = arguments(init).replace("session,", "session,", 1)
    init.args.kwonlyargs.append(ast.arg("width", ast.Name("int")))
    init.args.kw_defaults.append(ast.parse("driver.WIDTH", mode="eval").body)
    parts = []
    for name in ("Client", "ClientV2"):
        node = classes[name]
        text = docstring(node).replace("    **kwargs: ", f"{WIDTH}    **kwargs: ", 1)
        register = next(n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "_register_managers")
        lines = [ast.unparse(s).replace("(api)", f"(sync.{s.targets[0].attr}, driver)") for s in register.body]
        parts.append(
            f'class {name}(driver.AnyClient):\n    """{textwrap.indent(text, "    ").strip()}\n    """\n\n'
            f"    def __init__({ast.unparse(init.args)}) -> None:\n"
            f"        self._start(sync.{name}({handed}), width)\n\n"
            "    def _register_managers(self, sync: Any, driver: driver.Driver) -> None:\n"
            + textwrap.indent("\n".join(lines), "        ")
        )
    imports = [
        ast.unparse(n) for n in tree.body if isinstance(n, ast.ImportFrom) and n.module.startswith("saharaclient.api")
    ]
    imports = [i.replace("saharaclient.api", "saharaclient.aio") for i in imports]
    imports += [
        ast.unparse(n) for b in tree.body if isinstance(b, ast.If) for n in b.body if isinstance(n, ast.ImportFrom)
    ]
    imports += [
        "from typing import Any, Unpack",
        "from saharaclient.aio import driver",
        "from saharaclient.api import client as sync",
    ]
    imports += [
        "from saharaclient.api.client import REPLY_TIMEOUT, RETRY_DEADLINE, TIMEOUT",
        "from saharaclient._core.http import LARGEST_REPLY",
    ]
    made = MADE.format(source=source.relative_to(ROOT))
    text = f'"""The asynchronous clients: an asynchronous manager for each kind of resource."""\n{made}'
    return (
        f"{text}\nfrom __future__ import annotations\n\n" + "\n".join(imports) + "\n\n\n" + "\n\n\n".join(parts) + "\n"
    )


def tidy(folder):
    """Remove what is imported and not used, sort, break lines."""
    settings = ["--config", ROOT / "pyproject.toml"]
    for _ in range(2):  # imports that were left out of a block leave it empty
        subprocess.run(
            [
                *RUFF,
                "check",
                "-q",
                *settings,
                "--fix",
                "--exit-zero",
                "--unsafe-fixes",
                "--select",
                "F401,I,TC,PIE790",
                folder,
            ],
            check=True,
        )
    subprocess.run([*RUFF, "format", "-q", *settings, folder], check=True)


def make(folder):
    """Write all modules into a folder."""
    for source in sorted(API.rglob("*.py")):
        text = clients() if source == API / "client.py" else made_of(source)
        if text is None:
            continue
        place = folder / source.relative_to(API)
        if source.stem == "base":
            place = place.with_name(f"{BASE}.py")
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
    (folder / "v2" / "__init__.py").write_text('"""Asynchronous managers that only API 2 has."""\n')
    tidy(folder)


def files(folder):
    return {
        p.relative_to(folder): p.read_text()
        for p in folder.rglob("*.py")
        if p.relative_to(folder).as_posix() not in BY_HAND
    }


def main():
    parser = argparse.ArgumentParser(description="Make saharaclient.aio from saharaclient.api.")
    parser.add_argument("--check", action="store_true", help="only tell whether what is there is up to date")
    checking = parser.parse_args().check
    with tempfile.TemporaryDirectory() as name:
        make(Path(name))
        made, present = files(Path(name)), files(AIO)
    if checking:
        stale = sorted(str(p) for p in made.keys() | present.keys() if made.get(p) != present.get(p))
        if stale:
            print(
                f"saharaclient.aio is not what this makes of saharaclient.api: {', '.join(stale)}; run `make aio`",
                file=sys.stderr,
            )
        return 1 if stale else 0
    for path in present.keys() - made.keys():
        (AIO / path).unlink()
    for path, text in made.items():
        (AIO / path).parent.mkdir(exist_ok=True)
        (AIO / path).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
