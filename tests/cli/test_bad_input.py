"""Bad input at the real executable: one clear line, the right exit code, never a traceback."""

from __future__ import annotations

from typing import Any

import pytest

# arguments, exit code, what is told
FAULTS = [
    ("cluster show no-such", 1, "No matches found. There is no Cluster of the name or id 'no-such'."),
    ("cluster show 00000000-0000-4000-8000-000000000000", 1, "not found"),
    ("plugin show no-such", 1, "not found"),
    ("job show 00000000-0000-4000-8000-000000000000", 1, "There is no job of the id '00000000-"),
    ("cluster create --json missing.json", 1, "missing.json: can't be read: No such file or directory"),
    ("cluster create --json bad.json", 1, "bad.json: is no JSON: line 2, column 2: "),
    ("cluster create --json list.json", 1, "list.json: should hold an object"),
    ("cluster create --json odd.json", 1, "odd.json: unknown: colour; what there can be: "),
    ("cluster create --name x", 2, "--cluster-template, --image must be given"),
    ("cluster template create --name x --node-groups nope", 2, "'nope' should be <name>:<count>"),
    ("cluster list --limit none", 2, "'none' should be a whole number above 0"),
    ("cluster wait x --timeout -1", 2, "'-1' should be a number of seconds above 0"),
    ("cluster list --property x", 2, "'x' should be <name>=<value>"),
    ("cluster list --sort-by a:b", 2, "the direction should be asc or desc"),
    ("image list --name (", 2, "is no regular expression"),
    ("job execute --job-template x", 2, "--cluster must be given"),
    ("job run missing.py --cluster x", 1, "No matches found."),
    ("job binary create --name x", 2, "--data, or --name and --url, or --json must be given"),
    ("job binary create --data missing.jar", 1, "missing.jar: there is no such file"),
    ("data source create x --type hdfs --url hdfs://a --access-key k", 2, "S3 options were given"),
    ("cluster timeline x --output x.gif", 2, "should end in .svg, .png, .html"),
    ("image register no-such --username u", 1, "no-such"),
    ("node group template create --name x --plugin p --plugin-version 1 --processes a --flavor no-such", 1, "no-such"),
    ("plugin configs get fake 0.1 --file there.json", 1, "there.json exists; name another file with --file"),
]


@pytest.mark.parametrize("openstack", ["2"], indirect=True)
def test_bad_input_is_told_in_a_line(openstack: Any) -> None:
    (openstack.directory / "bad.json").write_text('{"a": 1,\n oops}')
    (openstack.directory / "list.json").write_text("[]")
    (openstack.directory / "odd.json").write_text('{"name": "x", "colour": "red"}')
    (openstack.directory / "there.json").write_text("{}")
    wrong = []
    for arguments, code, told in FAULTS:
        outcome = openstack(*arguments.split())
        if outcome.exit != code or told not in outcome.stderr:
            wrong.append(outcome)
    assert not wrong, wrong


@pytest.mark.parametrize("openstack", ["1.1"], indirect=True)
def test_an_option_of_another_version_is_told(openstack: Any) -> None:
    outcome = openstack("cluster", "delete", "x", "--force")
    assert (outcome.exit, outcome.stderr) == (2, "--force needs --os-data-processing-api-version 2\n")


@pytest.mark.parametrize("openstack", ["1.1"], indirect=True)
@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"OS_AUTH_URL": "http://127.0.0.1:9/v3"}, "Unable to establish connection"),
        ({"OS_PASSWORD": "wrong"}, "requires authentication"),
        ({"OS_PASSWORD": "", "OS_USERNAME": "", "OS_AUTH_URL": ""}, "auth"),
        ({"OS_REGION_NAME": "Nowhere"}, "Nowhere"),
        ({"OS_DATA_PROCESSING_URL": "http://127.0.0.1:9"}, "Unable to establish connection"),
        ({"OS_DATA_PROCESSING_API_VERSION": "3"}, "3"),
    ],
    ids=["no Keystone", "wrong password", "no credentials", "no endpoint", "no service", "no such version"],
)
def test_no_way_to_the_service(openstack: Any, environment: dict[str, str], told: str) -> None:
    openstack.version = environment.pop("OS_DATA_PROCESSING_API_VERSION", openstack.version)
    outcome = openstack("cluster", "list", **environment)
    assert outcome.exit in (1, 2)
    assert told in outcome.stderr


def test_debug_output_has_no_secrets(openstack: Any, prefix: str) -> None:
    options = ["--username", "u", "--password", "hunter2"]
    made = openstack(
        "data", "source", "create", prefix, "--type", "swift", "--url", "swift://a.sahara/b", *options, "--debug"
    )
    openstack("data", "source", "delete", prefix)
    assert made.exit == 0
    assert len(made.stderr) > 1000
    assert "hunter2" not in made.stderr
    assert repr(openstack.environment["OS_PASSWORD"]) not in made.stderr
