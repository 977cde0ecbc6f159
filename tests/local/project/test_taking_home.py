"""What was recorded of a real Sahara 19, brought to the embedded service, where its names stand for others."""

import re

import pytest
import requests_mock

from saharaclient import project
from saharaclient.local import LocalSahara
from tests.support import URL, make_client, recordings

NEIGHBOURS = {
    "/flavors": {"flavors": [{"id": "1", "name": "office.large"}]},
    "/os-keypairs": {"keypairs": [{"keypair": {"name": "demo-key"}}]},
    "/networks": {"networks": [{"id": "6e1b0d9a-0000-4000-8000-000000000001", "name": "office"}]},
}
LIST = re.compile(r"/[a-z-]+")


def recorded_export(version):
    """The export of the cloud whose lists were recorded; of several of a kind the first that has anything in it."""
    with requests_mock.Mocker() as wire:
        for path, reply in NEIGHBOURS.items():
            wire.get(f"{URL}{path}", json=reply)
        lists = {}
        for one in recordings(version):
            if one.get("method") == "GET" and one.get("status") == 200 and LIST.fullmatch(one["path"]):
                lists.setdefault(one["path"], one["response"])
            elif one.get("method") == "GET" and one["path"].endswith("/data") and one.get("status") == 200:
                wire.get(re.compile(f"{URL}/job-binar.*/data"), text="echo hello\n")
        for path, reply in lists.items():
            wire.get(f"{URL}{path}", json=reply)
        return project.export(make_client(version))


MAPS = [
    ("keypairs", "demo-key", "mine"),
    ("flavors", "office.large", "m1.small"),
    ("networks", "office", "private"),
    ("images", "cirros-fake", "local-spark"),
    ("versions", "0.0.9", "0.1"),
]


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_what_was_recorded_stands_here_under_other_names(version, tmp_path):
    exported = recorded_export(version)
    assert exported.lost == [
        "job template run-script: it uses the job binary script3, which is another project's, or gone"
    ]
    path = exported.write(tmp_path)
    outside = dict.fromkeys(exported.variables, "x")
    with LocalSahara(fake_delay=0.02) as sahara, sahara.client(version) as client:
        with pytest.raises(project.ProjectError) as caught:
            project.plan(client, project.Project.read(path), environment=outside)
        told = str(caught.value)
        for missing in ("flavor:office.large", "network:office", "image:cirros-fake", "keypair:demo-key"):
            assert f"--map {missing}=OTHER" in told
        assert "there is no job binary 'script3'" in told
        compute = {"service_type": "compute", "interface": "public"}
        client.clusters.api.session.post("/os-keypairs", json={"keypair": {"name": "mine"}}, endpoint_filter=compute)
        # what Sahara had lost is put in its place by hand; the plugin is as old as most clouds' are
        older = exported.text().replace("script3", "script").replace("'0.1'", "0.0.9")
        path.write_text(older)
        with pytest.raises(project.ProjectError, match=r"no version 0.0.9: there are 0.1; --map version:0.0.9=OTHER"):
            project.plan(client, project.Project.read(path), maps=MAPS[:-1], environment=outside)
        wanted = project.Project.read(path)
        project.apply(client, project.plan(client, wanted, maps=MAPS, environment=outside), environment=outside)
        assert client.clusters.find_unique(name="c1").status == "Active"
        assert project.plan(client, wanted, maps=MAPS, environment=outside).empty
