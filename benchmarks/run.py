"""`make bench`: this client against `requests` and against release 4.2.0, all in one run, as a table of ratios."""

import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
OLD = HERE.parent / ".venv-4.2.0"
MB = 1024 * 1024
# what is measured, what it is compared with, the goal, how to show it
GOALS = [
    ("get", "requests", 1.3),
    ("list", "requests", 0.5),
    ("list, names", "requests", 0.8),
    ("find_unique", "get", 3.0),
    ("1,000 gets at 20 ms", "seconds", 3.0),
    ("iterate 100,000, memory", "MB", 30.0),
    ("download, memory", "MB", 8.0),
    ("import saharaclient.client", "ms", 15.0),
    ("import with all managers", "ms", None),
]
SERVICE_GOALS = {"service: two Spark nodes Active": "≤ 15 s"}


def install_old():
    """Release 4.2.0 in an environment of its own."""
    python = OLD / "bin" / "python"
    if not (OLD / ".ready").exists():
        print("installing python-saharaclient 4.2.0 …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", OLD], check=True)
        packages = ["python-saharaclient==4.2.0", "setuptools<80"]
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True, stderr=subprocess.DEVNULL)
        (OLD / ".ready").touch()
    return python


def measure(python, script, *arguments):
    """The figures that one of the scripts prints, run by a Python of its own."""
    print("measuring", *(arguments[1:] or ["the embedded service"]), "…", file=sys.stderr)
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    command = [python, HERE / script, *arguments]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=quiet).stdout)


def all_of(python, url, *parts):
    """Figures of several parts, each measured in a process of its own so that none raises another's peak of memory."""
    return {what: figure for part in parts for what, figure in measure(python, "measure.py", url, part).items()}


def main():
    server = subprocess.Popen([sys.executable, HERE / "server.py"], stdout=subprocess.PIPE, text=True)
    try:
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        plain = measure(sys.executable, "measure.py", url, "requests")
        this = all_of(sys.executable, url, "this", "iterate", "download")
        old = all_of(install_old(), url, "4.2.0", "download")
    finally:
        server.kill()
        server.wait()
    this |= measure(sys.executable, "service.py")
    print(
        f"\n{datetime.date.today()}, Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n"
    )
    print("| what | figure | goal | met | 4.2.0 |")
    print("|---|---:|---:|---|---:|")
    missed = 0
    for what, unit, goal in GOALS:
        figure, before = shown(what, unit, this, plain), shown(what, unit, old, plain)
        met = None if goal is None else figure <= goal
        missed += met is False
        label = {"requests": " × requests", "get": " × get", "seconds": " s"}.get(unit, f" {unit}")
        then = "-" if before is None else f"{before:.2f}{label}"
        verdict = {None: "- | ", True: f"≤ {goal} | yes", False: f"≤ {goal} | NO"}[met]
        print(f"| {what} | {figure:.2f}{label} | {verdict} | {then} |")
    for what in (name for name in this if name.startswith("service: ")):
        print(f"| {what} | {this[what]:.1f}{' s' if 'Active' in what else ''} | {SERVICE_GOALS.get(what, '-')} | | - |")
    return missed


def shown(what, unit, figures, plain):
    if what not in figures:
        return None
    value = figures[what]
    return {
        "requests": lambda: value / plain[what],
        "get": lambda: value / figures["get"],
        "MB": lambda: value / MB,
        "ms": lambda: value * 1000,
        "seconds": lambda: value,
    }[unit]()


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
