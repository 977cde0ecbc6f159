"""The tempest plugin of sahara-tests: what it tries of both APIs, and through this client, as users that it makes."""

import re
from dataclasses import replace

import pytest

REQUIREMENTS = (
    "sahara-tests==0.18.0",
    "tempest==35.0.0",  # the plugin asks for an option that later ones do not have
    "oslo.utils==7.1.0",  # that tempest wants its md5
    "setuptools==80.9.0",  # the plugin's libraries import pkg_resources, which went with 82
)
CONFIGURATION = """
[auth]
admin_username = {login[OS_USERNAME]}
admin_password = {login[OS_PASSWORD]}
admin_project_name = {login[OS_PROJECT_NAME]}
admin_domain_name = Default
create_isolated_networks = false
[identity]
auth_version = v3
uri_v3 = {login[OS_AUTH_URL]}
default_domain_id = default
[compute]
flavor_ref = 2
fixed_network_name = private
[network]
floating_network_name = public
[service_available]
cinder = false
neutron = true
sahara = true
[image-feature-enabled]
api_v1 = false
[oslo_concurrency]
lock_path = {folder}/lock
[data-processing]
test_image_name = local-spark
request_timeout = 1
use_api_v2 = {is_v2}
api_version_saharaclient = {version}
[data-processing-feature-enabled]
plugins = fake
s3 = true
"""
# Why it leaves out some of its own tests.
REASONS = (
    "These tests require API v",
    "Job binaries stored on the internal db are available only with API v1.1",
    "Skipped until bug: https://launchpad.net/bugs/1430252",
)


@pytest.mark.parametrize("version", ["1.1", "2"])
@pytest.mark.parametrize(("part", "least"), [("api", 49), ("clients", 10)])
def test_every_test_passes(installed, login, local_sahara, tmp_path, version, part, least):
    program = installed("tempest", *REQUIREMENTS)
    told = CONFIGURATION.format(login=login, folder=tmp_path, version=version, is_v2=version == "2")
    (tmp_path / "tempest.conf").write_text(told)
    program = replace(program, login={"TEMPEST_CONFIG_DIR": str(tmp_path)})
    (plugin,) = program.path.glob("lib/*/site-packages/sahara_tempest_plugin")
    discovery = ["-m", "unittest", "discover", "--verbose", "-s", plugin / "tests" / part, "-t", plugin.parent]
    printed = program("python", *discovery, folder=tmp_path)
    left_out = re.findall(r"\.\.\. skipped ['\"](.*)['\"]$", printed, re.MULTILINE)
    assert [reason for reason in left_out if not reason.startswith(REASONS)] == []
    (run,) = re.findall(r"^Ran (\d+) tests", printed, re.MULTILINE)
    assert int(run) >= least, printed
    sahara = local_sahara.client(version)
    left = [*sahara.node_group_templates.list(), *sahara.data_sources.list(), *sahara.job_binaries.list()]
    assert not [one.name for one in left if one.name.startswith("sahara-")]  # it deletes what it has made
