"""Project files: what is wrong is told all at once, with line, column and the nearest right name."""

import json

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from saharaclient.project import Project, ProjectError, schema
from tests.projects import projects

GOOD = """
clusters:
  c1: {template: t, node_groups: {w: {count: 2}}}
"""

# text → line, column, what the message says
BAD = {
    "imagez: {}": (1, 1, "did you mean 'images'"),
    "clusters:\n  c1: {tempalte: t}": (2, 8, "did you mean 'template'"),
    "clusters:\n  c1:\n    node_groups:\n      w: {count: two}": (4, 11, "count: should be a whole number, not 'two'"),
    "clusters:\n  c1:\n    plugin_version: 0.1": (3, 5, "should be a text, not 0.1: write it in quotes"),
    "clusters:\n  c1: {template: t}\n  c1: {template: u}": (3, 3, "there twice, at first in line 2"),
    "clusters:\n  c_1: {template: t}": (2, 3, "can't be a name"),
    "data_sources:\n  a: {type: swft, url: b}": (2, 7, "'swft' should be one of hdfs"),
    "data_sources:\n  a: {type: swift}": (2, 3, "url must be given"),
    "clusters:\n  c1: {description: }": (2, 8, "not nothing: leave the name away"),
    "clusters: [a]": (1, 1, "should be names and values, not a list"),
    "clusters:\n  c1: {template: 't}": (2, 21, "is no YAML"),
    "a: &a\n  b: *a": (1, 4, "contains itself"),
    "- a": (1, 1, "a project file holds sections"),
    "? [a]\n: b": (1, 3, "a name should stand here"),
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:24])
def test_what_is_wrong_is_told_with_its_place(text):
    line, column, message = BAD[text]
    with pytest.raises(ProjectError) as caught:
        Project.parse(text)
    found = [problem for problem in caught.value.problems if (problem.line, problem.column) == (line, column)]
    assert any(message in problem.message for problem in found), caught.value


def test_all_problems_are_told_at_once(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("clusters:\n  c1: {tempalte: t}\n  c2: {count: 1}\nimages: {i: {}}\n")
    with pytest.raises(ProjectError) as caught:
        Project.read(path)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(2, 8), (3, 8), (4, 10)]
    assert str(caught.value).splitlines()[0].startswith(f"{path}:2:8: ")


def test_what_looks_like_something_else_stays_a_name():
    read = Project.parse("data_sources:\n  2026-01-31: {type: hdfs, url: hdfs://a/b, description: 2026-01-31}")
    assert read.sections.data_sources["2026-01-31"].description == "2026-01-31"


def test_anchors_and_merges_are_yamls():
    read = Project.parse(
        "data_sources:\n  a: &a {type: hdfs, url: hdfs://a/b}\n  b: {<<: *a, url: hdfs://c/d}\n  c: *a\n"
    )
    assert {name: source.url for name, source in read.sections.data_sources.items()} == {
        "a": "hdfs://a/b",
        "b": "hdfs://c/d",
        "c": "hdfs://a/b",
    }


def test_a_text_that_would_fill_the_memory_is_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(ProjectError, match="too large"):
        Project.parse("\n".join(lines))


@settings(max_examples=30)
@given(projects)
def test_what_is_written_is_read_again(project):
    assert Project.parse(project.text()) == project
    assert Project.parse(project.text()).text() == project.text()
    jsonschema.validate(yaml.safe_load(project.text()), schema.document())


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
@settings(max_examples=100)
def test_any_text_is_a_project_or_a_problem(text):
    try:
        Project.parse(text)
    except ProjectError as error:
        assert error.problems


def test_the_schema_is_one_and_says_what_fields_mean():
    document = schema.document()
    jsonschema.Draft202012Validator.check_schema(document)
    assert json.loads(json.dumps(document)) == document
    for name, definition in document["$defs"].items():
        assert definition["description"], name
        assert definition.get("additionalProperties") is False, name
        assert [field for field, told in definition["properties"].items() if not told.get("description")] == [], name
