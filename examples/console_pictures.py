"""Draws the console's pages for the manual and the README: a Spark cluster that a word count runs on, seen in Chromium.

Run it with ``python examples/console_pictures.py FOLDER``; it needs the extra `dev` and a Chromium.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from saharaclient.console.server import ConsoleServer
from saharaclient.local import LocalSahara

HERE = Path(__file__).parent
WIDTH, HEIGHT = 1280, 720  # pixels
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
MINUTES = 300.0  # seconds that a cluster or a job may take
FAILING = b"print('counting the words')\nraise SystemExit('the text of the novels is not there')\n"


class Work:
    """What is there to be seen: templates, programs, and clusters and jobs made of them."""

    def __init__(self, local):
        self.local, self.sahara, first = local, local.client(), local.client("1.1")
        self.versioned = {"plugin_version": self.sahara.plugins.get("spark").versions[0]}
        self.image = local.image("spark")
        plugin = ("spark", self.versioned["plugin_version"])
        made = {
            kind: self.sahara.node_group_templates.create(kind, *plugin, local.flavor(), node_processes=[kind])
            for kind in ("master", "slave")
        }
        groups = [
            {"name": kind, "count": count, "node_group_template_id": made[kind].id}
            for kind, count in (("master", 1), ("slave", 2))
        ]
        self.template = self.sahara.cluster_templates.create("small", *plugin, node_groups=groups)
        self.programs = {}
        for name, content in (("wordcount", (HERE / "wordcount.py").read_bytes()), ("broken", FAILING)):
            internal = first.job_binary_internals.create(f"{name}.py", content)
            binary = self.sahara.job_binaries.create(f"{name}.py", f"internal-db://{internal.id}")
            self.programs[name] = self.sahara.job_templates.create(name, "Spark", mains=[binary.id])

    def cluster(self, name):
        return self.sahara.clusters.create(
            name,
            "spark",
            self.versioned["plugin_version"],
            cluster_template_id=self.template.id,
            default_image_id=self.image,
            net_id=self.local.network(),
        )

    def run(self, program, cluster, *args):
        return self.sahara.jobs.create(self.programs[program].id, cluster.id, configs={"args": [*args]})


def main(folder):
    chromium = shutil.which("chromium") or sys.exit("There is no Chromium: make browser installs it.")
    with LocalSahara() as local, sync_playwright() as playwright:
        work = Work(local)
        print("making a cluster …", file=sys.stderr)
        novels = work.cluster("novels")
        work.sahara.clusters.wait(novels.id, timeout=MINUTES)
        state = local.service.settings.state
        print("counting words …", file=sys.stderr)
        done = work.run("wordcount", novels, str(HERE / "austen.txt"), str(state / "counts"))
        work.sahara.jobs.wait(done.id, timeout=MINUTES)
        failed = work.run("broken", novels)
        while work.sahara.jobs.get(failed.id).info["status"] not in ("FAILED", "DONEWITHERROR", "KILLED"):
            work.sahara.jobs._clock.sleep(0.5)
        with ConsoleServer(local.client(), "local").in_thread() as server:
            browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto(server.new_link())
            page.wait_for_url(server.url + "/")
            work.cluster("poems")
            pictures = {
                "console": "/",
                "console-cluster": f"/clusters/{novels.id}",
                "console-job": f"/jobs/{failed.id}",
            }
            for name, path in pictures.items():
                for scheme in ("light", "dark"):
                    print(f"{name}, {scheme} …", file=sys.stderr)
                    page.emulate_media(color_scheme=scheme)
                    page.goto(server.url + path)
                    page.wait_for_timeout(1500)  # what was being read is there
                    end = page.locator("footer").bounding_box()  # a short page ends with it
                    assert end is not None
                    size = {"width": WIDTH, "height": min(HEIGHT, end["y"] + end["height"])}
                    page.screenshot(path=folder / f"{name}-{scheme}.png", clip={"x": 0, "y": 0, **size})
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
