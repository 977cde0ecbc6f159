"""Draws a terminal in which a Spark cluster is made and a word count run, as a picture: the commands run for real.

Run it with ``python examples/terminal.py FILE``.
"""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from saharaclient.local import LocalSahara
from saharaclient.local.login import environment
from saharaclient.local.server.state_folder import find_running

HERE = Path(__file__).parent
WIDTH = 124  # characters
BEFORE = """
spark=$(openstack dataprocessing plugin show spark -f value -c Versions)
openstack dataprocessing image register local-spark --username ubuntu
openstack dataprocessing image tags add local-spark --tags spark "$spark"
for kind in master slave; do
    openstack dataprocessing node group template create --name $kind --plugin spark --plugin-version "$spark" \
        --processes $kind --flavor m1.small
done
openstack dataprocessing cluster template create --name small --node-groups master:1 slave:2
"""
SHOWN = [
    "openstack dataprocessing cluster create --name novels --cluster-template small \\\n"
    "      --image local-spark --neutron-network private --wait -c Status -c 'Node groups'",
    "openstack dataprocessing job run wordcount.py --cluster novels \\\n"
    '      --args "$PWD/austen.txt" "$PWD/counts" -c Status',
    "head -n 3 counts/part-00000",
    "openstack dataprocessing cluster timeline novels",
]


def run(command, folder, variables):
    """What a command prints, on standard output and standard error."""
    done = subprocess.run(
        ["bash", "-euc", command],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{command}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout.replace(str(folder), "~")


def main(picture):
    terminal = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with tempfile.TemporaryDirectory(prefix="sahara-") as name:
        folder = Path(name)
        for file in ("wordcount.py", "austen.txt"):
            (folder / file).symlink_to(HERE / file)
        with LocalSahara(folder / "state") as sahara:
            own = environment(*find_running(sahara.service.settings.state))
            path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
            variables = {**os.environ, **own, "PATH": path, "COLUMNS": str(WIDTH), "HOME": name}
            print("preparing …", file=sys.stderr)
            run(BEFORE, folder, variables)
            for command in SHOWN:
                print(command, file=sys.stderr)
                terminal.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
                terminal.print(Text(run(command, folder, variables).rstrip("\n")))
            run("openstack dataprocessing cluster delete novels --wait", folder, variables)
    picture.write_text(terminal.export_svg(title="openstack dataprocessing"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
