"""`make bench`: this client against `requests` and against release 4.2.0, and the embedded service, as one table.

    run.py [--quick | --write]

--write also puts the table, with its date and machine, into the manual; --quick only tries that things can be measured:
one round, without 4.2.0 and without Spark, and no goal is judged.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
OLD = HERE.parent / ".venv-4.2.0"
TABLE = HERE.parent / "docs" / "reference" / "figures-table.md"
MB = 1024 * 1024
# what is measured, what it is compared with, the goal
GOALS = [
    ("get", "requests", 0.9),
    ("list", "requests", 0.3),
    ("list, names", "requests", 0.45),
    ("find_unique", "get", 3.0),
    ("1,000 gets at 20 ms", "s", 1.5),
    ("1,000 gets at 20 ms, width 64", "s", 1.0),
    ("1,000 gets at 20 ms, asyncio", "s", 1.7),
    ("1,000 waits, asyncio, memory", "MB", 20.0),
    ("1,000 waits, asyncio, threads", "threads", 16.0),
    ("asyncio, longest hold of the event loop", "ms", 10.0),
    ("iterate 100,000, memory", "MB", 30.0),
    ("download, memory", "MB", 8.0),
    ("import saharaclient.client", "ms", 10.0),
    ("import with all managers", "ms", 10.0),
    ("command start", "openstack", None),
]
# how a figure is made of what was measured, and how it is shown
UNITS = {
    "requests": (lambda value, what, own: value / own[f"requests: {what}"], " × requests"),
    "get": (lambda value, what, own: value / own["get"], " × get"),
    "openstack": (lambda value, what, own: value / own["command start, plain"], " × openstack's own"),
    "MB": (lambda value, *_: value / MB, " MB"),
    "ms": (lambda value, *_: value * 1000, " ms"),
    "threads": (lambda value, *_: value, ""),
    "s": (lambda value, *_: value, " s"),
}
SERVICE_GOALS = {"two Spark nodes Active": 15.0}
SERVICE_UNITS = {"two Spark nodes Active": " s", "word count end to end": " s"}  # others have theirs in their names


def install_old():
    """Release 4.2.0 in an environment of its own."""
    python = OLD / "bin" / "python"
    if not (OLD / ".ready").exists():
        print("installing python-saharaclient 4.2.0 …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", OLD], check=True)
        packages = ["python-saharaclient==4.2.0", "python-openstackclient", "setuptools<80"]
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True, stderr=subprocess.DEVNULL)
        (OLD / ".ready").touch()
    return python


def measure(python, script, *arguments):
    """The figures that one of the scripts prints, run by a Python of its own."""
    print("measuring", *(arguments[1:] or ["the embedded service"]), "…", file=sys.stderr)
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([python, HERE / script, *arguments], stdout=subprocess.PIPE, text=True, env=quiet, check=True)
    return json.loads(done.stdout)


def all_of(python, url, *parts):
    """Figures of several parts, each measured in a process of its own so that none raises another's peak of memory."""
    return {what: figure for part in parts for what, figure in measure(python, "measure.py", url, part).items()}


def word_count():
    """Seconds of the demonstration: from no service to a Spark job's result that plain Python agrees with."""
    print("measuring the word count …", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(HERE.parent / "examples" / "demo.py"), "--svg", f"{folder}/timeline.svg"]
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return {"service: word count end to end": time.perf_counter() - started}


def measure_all(*, quick):
    """This client's figures and those of 4.2.0, each with those of `requests` in the same process."""
    server = subprocess.Popen([sys.executable, HERE / "server.py"], stdout=subprocess.PIPE, text=True)
    try:
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        this = all_of(sys.executable, url, "this", "asyncio", "iterate", "download", "commands")
        old = {} if quick else all_of(install_old(), url, "4.2.0", "download", "commands")
    finally:
        server.kill()
        server.wait()
    if not quick:
        this |= measure(sys.executable, "service.py") | word_count()
    return this, old


def rows(this, old):
    """Of each figure: what it is, its value, its unit, its goal, and the value of 4.2.0."""
    for what, unit, goal in GOALS:
        make, label = UNITS[unit]
        now, before = (make(of[what], what, of) if what in of else None for of in (this, old))
        yield what, now, label, goal, before
    for name in (name for name in this if name.startswith("service: ")):
        what = name.removeprefix("service: ")
        yield name, this[name], SERVICE_UNITS.get(what, ""), SERVICE_GOALS.get(what), None


def lines(figures):
    yield f"{datetime.date.today()}, Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    yield ""
    yield "| what | figure | goal | met | 4.2.0 |"
    yield "|---|---:|---:|---|---:|"
    for what, now, label, goal, before in figures:
        limit, met = ("-", "") if goal is None else (f"≤ {goal:g}", "yes" if now <= goal else "NO")
        then = "-" if before is None else f"{before:,.2f}{label}"
        yield f"| {what} | {now:,.2f}{label} | {limit} | {met} | {then} |"


def main():
    parser = argparse.ArgumentParser(description="Measure the client and the embedded service.")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="only try that all can be measured")
    how.add_argument("--write", action="store_true", help=f"put the table into {TABLE.relative_to(HERE.parent)}")
    chosen = parser.parse_args()
    if chosen.quick:
        os.environ["BENCH_ROUNDS"] = "1"
    figures = [*rows(*measure_all(quick=chosen.quick))]
    table = "\n".join(lines(figures))
    print(f"\n{table}")
    if chosen.write:
        TABLE.write_text(f"{table}\n")
    missed = [what for what, now, _, goal, _ in figures if goal is not None and now > goal]
    return 1 if missed and not chosen.quick else 0


if __name__ == "__main__":
    sys.exit(main())
