"""The example's project as another cloud would have it, brought home: its job on real Spark, then without Sahara."""

import os
import shutil
import subprocess
from pathlib import Path

from saharaclient import project
from saharaclient.local import LocalSahara
from saharaclient.local.engines.runtime import SparkRuntime

EXAMPLES = Path(__file__).parents[3] / "examples"
ELSEWHERE = {"local-spark": "office-spark", "m1.small": "office.large", "private": "office", "count: 2": "count: 1"}
MAPS = [
    ("images", "office-spark", "local-spark"),
    ("flavors", "office.large", "m1.small"),
    ("networks", "office", "private"),
]


def counts(folder):
    return [part.read_text() for part in sorted(folder.glob("part-*"))]


def test_a_job_gives_the_same_by_sahara_and_by_the_script_that_leaves_it(tmp_path):
    text = (EXAMPLES / "project.yaml").read_text()
    for here, there in ELSEWHERE.items():
        assert here in text
        text = text.replace(here, there)
    (tmp_path / "project.yaml").write_text(text)
    shutil.copy(EXAMPLES / "wordcount.py", tmp_path)
    (tmp_path / "examples").mkdir()
    shutil.copy(EXAMPLES / "austen.txt", tmp_path / "examples")
    with LocalSahara() as sahara, sahara.client("2") as client:
        login = sahara.cloud["auth"]
        outside = {
            "SPARK": client.plugins.get("spark").versions[0],
            "OS_USERNAME": login["username"],
            "OS_PASSWORD": login["password"],
            "PWD": str(tmp_path),
        }
        wanted = project.Project.read(tmp_path / "project.yaml")
        project.apply(client, project.plan(client, wanted, maps=MAPS, environment=outside), environment=outside)
        by_sahara = counts((tmp_path / "counts").rename(tmp_path / "by-sahara"))
        exported = project.export(client, fetch=True)
        exported.files |= project.moved(exported.project, "spark-submit")
        exported.write(tmp_path / "scripts")
    runtime = SparkRuntime.find(tmp_path)
    path = f"{runtime.home / 'bin'}:{os.environ['PATH']}"
    environment = {**runtime.environment(), "PATH": path, "SPARK_MASTER": "local[1]"}
    script = tmp_path / "scripts" / "demo-wordcount.sh"
    done = subprocess.run(
        [script], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert counts(tmp_path / "counts") == by_sahara
    assert by_sahara[0].startswith("the\t")
