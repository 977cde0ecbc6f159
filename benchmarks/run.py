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
    ("import", "ms", 15.0),
]


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


def measure(python, url, who):
    print(f"measuring {who} …", file=sys.stderr)
    # the measured process finds the package that its own environment has, not this folder's
    done = subprocess.run(
        [python, HERE / "measure.py", url, who],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    return json.loads(done.stdout)


def main():
    server = subprocess.Popen([sys.executable, HERE / "server.py"], stdout=subprocess.PIPE, text=True)
    try:
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        plain = measure(sys.executable, url, "requests")
        this = {**measure(sys.executable, url, "this"), **measure(sys.executable, url, "iterate")}
        old = measure(install_old(), url, "4.2.0")
    finally:
        server.kill()
        server.wait()
    print(
        f"\n{datetime.date.today()}, Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n"
    )
    print("| what | figure | goal | met | 4.2.0 |")
    print("|---|---:|---:|---|---:|")
    missed = 0
    for what, unit, goal in GOALS:
        figure, before = shown(what, unit, this, plain), shown(what, unit, old, plain)
        missed += figure > goal
        label = {"requests": " × requests", "get": " × get", "seconds": " s"}.get(unit, f" {unit}")
        then = "-" if before is None else f"{before:.2f}{label}"
        print(f"| {what} | {figure:.2f}{label} | ≤ {goal:g} | {'yes' if figure <= goal else 'NO'} | {then} |")
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
