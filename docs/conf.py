"""How Sphinx builds the manual: from the pages beside this file, the docstrings and the commands' parsers, offline."""

import ast
import inspect
import json
import pathlib
import re

from docutils import nodes

import saharaclient
from saharaclient.project import schema

project = "python-saharaclient"
copyright = "the python-saharaclient authors"  # noqa: A001 - Sphinx' name
version = release = saharaclient.__version__

extensions = [
    "cliff.sphinxext",
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
exclude_patterns = ["reference/figures-table.md"]  # a part of a page
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# Docstrings: Google style, names in single backticks.
default_role = "py:obj"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
autodoc_typehints = "signature"
maximum_signature_line_length = 80  # then each parameter has a line
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
autodoc_preserve_defaults = True
add_module_names = False
python_use_unqualified_type_names = True

nitpicky = True
nitpick_ignore_regex = [
    # other projects': looking them up would need the network
    (
        "py:.*",
        r"(keystoneauth1|keystone_session|requests|openstack|collections|pathlib|os|threading|types|typing|t|argparse|msgspec|logging)\..*",
    ),
    (
        "py:.*",
        r"(Any|Callable|Iterator|Iterable|Mapping|Collection|Self|Path|IO|AbstractContextManager|Session|BaseAuthPlugin|optional)",
    ),
    ("py:.*", r"(TypeError|ValueError|OSError|FileExistsError|Exception|RuntimeError)"),
    # type variables, and parts that are not public
    ("py:.*", r"(saharaclient\.\w+(\.\w+)*\.|base\.)?(R|Item|Value|Service|Whole)"),
    (
        "py:.*",
        r"(saharaclient\.project\.\w+\.)?(V1|V2|Map|Origin|Sections|Entry|Do)|(Client|AsyncClient|Session)Options",
    ),
    ("py:.*", r"files\.(PathOrFile|ProgressCallback)|(saharaclient\.local\.engines\.base\.)?Engine"),
    ("py:.*", r"saharaclient\._core\..*"),
]
suppress_warnings = ["ref.python"]  # that `Client` is the name of two classes: the first one is meant
ALIASES = {"ClientV1": "saharaclient.api.client.Client"}
FIELDS = "<!-- the fields of project files -->"
KINDS = {"✓": "success", "T": "deadline"}  # of outcomes, by their signs
OWN = re.compile(r"(base\.)?[A-Z]\w+(\.\w+)?")  # a class or its member

autoprogram_cliff_application = "openstack"
# what every command of OpenStackClient takes is told once, on the page of commands
autoprogram_cliff_ignored = [
    "--help",
    *("--column", "--format", "--noindent", "--prefix"),
    *("--max-width", "--fit-width", "--print-empty"),
    *("--quote", "--sort-column", "--sort-ascending", "--sort-descending"),
]

smartquotes_action = "qe"  # two hyphens are those of an option

html_theme = "furo"
html_title = f"python-saharaclient {version}"
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_show_sphinx = False
pygments_style = "friendly"
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True


def resolve(app, env, node, contnode):
    """What Sphinx does not find by itself.

    Docstrings name this project's classes without their modules, and put parameters and values in single backticks too.
    A name that looks like one of the project's own must be found; other words are shown as they are.
    """
    target = node["reftarget"]
    if node["refdomain"] != "py":
        return None
    domain, module = env.domains["py"], str(node.get("py:module"))
    if target in ALIASES:
        return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", ALIASES[target], node, contnode)
    if OWN.fullmatch(target):
        last = target.rpartition(".")[2] if target.startswith("base.") else target
        found = [name for name in domain.objects if name.endswith(f".{last}")]
        if not found:
            return None
        # an API version's own class comes before another module's of the same name
        nearest = min(found, key=lambda name: (module not in name, len(name), name))
        return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", nearest, node, contnode)
    return contnode if node["reftype"] == "obj" and not target.startswith("saharaclient.") else None


def show_optional(_app, _what, _name, obj, _options, signature, returned):
    """Show what may be left out as `= ...`; `= None` stays where None is a value to pass, as its description says."""
    if signature is None:  # an attribute
        return None
    try:
        function = ast.parse(f"def f{signature.replace('<factory>', '...')}: ...").body[0]
    except SyntaxError:  # a default that is no expression
        return None
    told = dict(re.findall(r"^ +(\w+): (.*(?:\n {9,}.*)*)", inspect.getdoc(obj) or "", re.MULTILINE))
    arguments = function.args
    positional = arguments.posonlyargs + arguments.args
    pairs = list(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    for argument, default in pairs:
        none = isinstance(default, ast.Constant) and default.value is None
        kind = argument.annotation
        if none and "None" not in told.get(argument.arg, "") and isinstance(kind, ast.BinOp):
            default.value = ...
            argument.annotation = kind.left
    return f"({ast.unparse(arguments)})", returned


def move_examples(_app, doctree):
    """Move each command's example, which stands below its section in the page, to where the section has its usage."""
    for block in list(doctree.findall(nodes.literal_block)):
        command = block.previous_sibling()
        if isinstance(command, nodes.section) and (usage := command.next_node(nodes.literal_block)):
            block.parent.remove(block)
            command.insert(command.index(usage) + 1, block)


def join_usage(_app, doctree):
    """Keep what belongs together on one line of a command's usage: cliff breaks it within brackets too."""
    for block in doctree.findall(nodes.literal_block):
        if block.astext().startswith("openstack dataprocessing"):
            lines = [""]
            for line in block.astext().splitlines():
                if all(lines[-1].count(opening) == lines[-1].count(closing) for opening, closing in ("[]", "<>")):
                    lines.append(line)
                else:
                    lines[-1] += f" {line.strip()}".replace(" :", ":").replace(" ]", "]")
            text = "\n".join(lines[1:])
            block.rawsource, block.children = text, [nodes.Text(text)]


def draw_dashes(_app, doctree):
    """Give parameters a dash before what is told of them, which Sphinx leaves to its quotes."""
    for text in list(doctree.findall(nodes.Text)):
        if text == " -- ":
            text.parent.replace(text, nodes.Text(" \u2013 "))


def describe_fields(_app, _docname, source):
    """Put the fields of project files into the page that asks for them, from the types that read the files."""
    if FIELDS in source[0]:
        parts = []
        for name, definition in schema.document()["$defs"].items():
            needed = definition.get("required", [])
            parts += ["", f"### {name}", "", definition["description"], "", "| field | value |", "|---|---|"]
            for field, told in definition["properties"].items():
                kind = told.get("type", "object") if "enum" not in told else " or ".join(told["enum"])
                text = " ".join(told["description"].replace("|", "/").split())
                parts.append(f"| `{field}` | {text} *{kind}{', needed' if field in needed else ''}* |")
        source[0] = source[0].replace(FIELDS, "\n".join(parts))


def colour_outcomes(_app, doctree, docname):
    """Give the signs in the table of faults a colour each; a reader of the plain text sees the letters alone."""
    if docname != "reference/faults-table":
        return
    for cell in doctree.findall(nodes.entry):
        signs = cell.astext().split()
        if all(re.fullmatch("✓|[A-Z]", sign) for sign in signs):
            marks = [nodes.inline(text=sign, classes=["outcome", KINDS.get(sign, "error")]) for sign in signs]
            cell.children[0].children = marks


def publish_schema(app, error):
    """Put the schema of project files at the top of the manual."""
    if error is None:
        text = json.dumps(schema.document(), indent=1, ensure_ascii=False) + "\n"
        (pathlib.Path(app.outdir) / "project.schema.json").write_text(text, "utf-8")


def setup(app):
    """Sphinx calls this."""
    app.connect("doctree-read", draw_dashes)
    app.connect("doctree-read", join_usage)
    app.connect("doctree-read", move_examples)
    app.connect("missing-reference", resolve)
    app.connect("autodoc-process-signature", show_optional)
    app.connect("source-read", describe_fields)
    app.connect("doctree-resolved", colour_outcomes)
    app.connect("build-finished", publish_schema)
