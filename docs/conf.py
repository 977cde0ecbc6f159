"""How Sphinx builds the manual: from the pages beside this file, the docstrings and the commands' parsers, offline."""

import re

import saharaclient

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
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
autodoc_preserve_defaults = True
add_module_names = False
python_use_unqualified_type_names = True

nitpicky = True
nitpick_ignore_regex = [
    # other projects': looking them up would need the network
    ("py:.*", r"(keystoneauth1|requests|openstack|collections|pathlib|os|types|typing|t|argparse)\..*"),
    ("py:.*", r"(Any|Callable|Iterator|Iterable|Mapping|Collection|Self|Path|IO|Session|optional)"),
    ("py:.*", r"(TypeError|ValueError|OSError|FileExistsError|Exception|RuntimeError)"),
    # type variables, and parts that are not public
    ("py:.*", r"(saharaclient\.\w+(\.\w+)*\.|base\.)?(R|Item|Value|Service)"),
    ("py:.*", r"saharaclient\._core\..*"),
]
OWN = re.compile(r"(base\.)?[A-Z]\w+(\.\w+)?")  # a class or its member

autoprogram_cliff_application = "openstack"
# what every command of OpenStackClient takes is told once, on the page of commands
autoprogram_cliff_ignored = [
    "--help",
    *("--column", "--format", "--noindent", "--prefix"),
    *("--max-width", "--fit-width", "--print-empty"),
    *("--quote", "--sort-column", "--sort-ascending", "--sort-descending"),
]

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
    if OWN.fullmatch(target):
        last = target.rpartition(".")[2] if target.startswith("base.") else target
        found = [name for name in domain.objects if name.endswith(f".{last}")]
        if not found:
            return None
        # an API version's own class comes before another module's of the same name
        nearest = min(found, key=lambda name: (module not in name, len(name), name))
        return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", nearest, node, contnode)
    return contnode if node["reftype"] == "obj" and not target.startswith("saharaclient.") else None


def setup(app):
    """Sphinx calls this."""
    app.connect("missing-reference", resolve)
