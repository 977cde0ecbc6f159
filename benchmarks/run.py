"""`make bench`: this client against `requests` and against release 4.2.0, and the embedded service, as one table.

    run.py [--quick | --write]

--write also puts the table, with its date and machine, into the manual; --quick only tries that things can be measured:
one round, without 4.2.0 and with few small jobs, and no goal is judged.
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
from dataclasses import dataclass

from rows import LIBRARY, SERVICE, UNITS, Row, shown

HERE = pathlib.Path(__file__).parent
OLD = HERE.parent / ".venv-4.2.0"
TABLE = HERE.parent / "docs" / "reference" / "figures-table.md"


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


def measure(python, script, *arguments, **environment):
    """The figures that one of the scripts prints, run by a Python of its own."""
    print(
        "measuring",
        *(arguments[1:] or [{"project.py": "projects", "spark.py": "Spark"}.get(script, "the embedded service")]),
        "…",
        file=sys.stderr,
    )
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore", **environment}
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
        return {"word count end to end": time.perf_counter() - started}


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
    this |= measure(sys.executable, "spark.py")
    if not quick:
        this |= measure(sys.executable, "service.py") | word_count()
        this |= measure(sys.executable, "project.py", PYTHONPATH=str(HERE.parent))  # for tests/projects.py
    return this, old


@dataclass(frozen=True)
class Figure:
    """What was measured of a row: by this client or the embedded service, and by 4.2.0."""

    row: Row
    now: float
    before: float | None

    @property
    def met(self):
        return self.row.goal is None or self.now <= self.row.goal


def figures_of(this, old):
    """The figures of all that was measured."""
    for row in LIBRARY + SERVICE:
        make, _ = UNITS[row.unit]
        now, before = (make(of[row.name], row.name, of) if row.name in of else None for of in (this, old))
        if now is not None:
            yield Figure(row, now, before)


def lines(figures):
    """The table, and below it what each row means."""
    yield f"{datetime.date.today()}, Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    yield ""
    yield "| what | figure | goal | met | 4.2.0 |"
    yield "|---|---:|---:|---|---:|"
    for figure in figures:
        row, label = figure.row, UNITS[figure.row.unit][1]
        limit, met = ("-", "") if row.goal is None else (f"≤\u00a0{row.goal:g}", "yes" if figure.met else "NO")
        then = "-" if figure.before is None else f"{shown(figure.before)}{label}"
        yield f"| {row.name} | {shown(figure.now)}{label} | {limit} | {met} | {then} |"
    yield ""
    yield from (f"- {figure.row.name}: {figure.row.meaning}" for figure in figures)


def main():
    parser = argparse.ArgumentParser(description="Measure the client and the embedded service.")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="only try that all can be measured")
    how.add_argument("--write", action="store_true", help=f"put the table into {TABLE.relative_to(HERE.parent)}")
    chosen = parser.parse_args()
    if chosen.quick:
        os.environ["BENCH_ROUNDS"] = "1"
    figures = [*figures_of(*measure_all(quick=chosen.quick))]
    table = "\n".join(lines(figures))
    print(f"\n{table}")
    if chosen.write:
        TABLE.write_text(f"{table}\n")
    return 1 if not chosen.quick and not all(figure.met for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
