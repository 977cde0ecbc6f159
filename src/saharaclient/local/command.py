"""The command `sahara-local`: runs the embedded service, and tells how to reach one that runs."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import time
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

# The service, and what it stands on, are imported by the commands that need them: to print an address takes neither.
from saharaclient import console
from saharaclient.local.engines.base import EngineError
from saharaclient.local.login import cloud, environment, session_of
from saharaclient.local.server import state_folder
from saharaclient.local.server.address import ServerError
from saharaclient.local.settings import Settings, bearable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SHELLS = ("pyspark", "spark-sql", "spark-shell")
KEPT = (
    ("max_kept_runs", "N", "of how many ended jobs the files are kept"),
    ("max_kept_days", "DAYS", "how long the files of ended jobs are kept"),
    ("max_kept_bytes", "BYTES", "how much the files of ended jobs may take"),
)
CLOUD = "local"  # name of the entry in clouds.yaml


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command.

    Args:
        arguments: The command line; `None` for the process' own.

    Returns:
        The exit status.
    """
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.run not in (_demo, _shell):  # which have options of their own
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (ServerError, state_folder.StateError, EngineError, console.ConsoleError) as error:
        _note(str(error))
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT  # as of a program that the signal has ended
    except Exception as error:
        if not isinstance(error, _of_the_client()):
            raise
        _note(str(error))
        return 1


def _of_the_client() -> tuple[type[Exception], ...]:
    """What the client raises where the service does not answer, or refuses; none where nothing has asked it."""
    named = (("saharaclient._core.errors", "APIException"), ("keystoneauth1.exceptions", "ClientException"))
    return tuple(getattr(sys.modules[module], name) for module, name in named if module in sys.modules)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sahara-local", description="A Sahara on this machine.")
    commands = parser.add_subparsers(required=True, metavar="command")
    state = argparse.ArgumentParser(add_help=False)
    state.add_argument(
        "--state",
        type=Path,
        default=state_folder.default_state(),
        metavar="DIR",
        help="folder of everything that survives a restart (default: $SAHARA_LOCAL_STATE, else sahara-local in "
        "$XDG_STATE_HOME or ~/.local/state)",
    )
    serve = commands.add_parser("serve", parents=[state], help="run the service until Ctrl-C or SIGTERM")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=int, default=8386, help="port; 0 takes a free one (default: %(default)s)")
    serve.add_argument("--database", metavar="URL", help="SQLAlchemy URL (default: SQLite in the state folder)")
    serve.add_argument("--spark-master", metavar="URL", help="an existing spark://, yarn or k8s:// master for the jobs")
    serve.add_argument(
        "--spark-conf",
        type=_property,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a Spark property that every Spark job starts with; can be given several times",
    )
    serve.add_argument(
        "--upgrade-clusters", action="store_true", help="bring clusters of another Spark version up on the present one"
    )
    for setting, unit, what in (
        ("max_body_bytes", "BYTES", "largest request body, apart from the contents of objects, images and binaries"),
        ("max_upload_bytes", "BYTES", "largest object or image"),
        ("max_binary_bytes", "BYTES", "largest internal binary of a job"),
        *KEPT,
        ("token_lifetime", "SECONDS", "how long a token is valid"),
    ):
        told = f"{what} (default: %(default)s)"
        default = getattr(Settings, setting)
        serve.add_argument(_option(setting), type=_positive, default=default, metavar=unit, help=told)
    serve.add_argument(
        "--max-running-jobs",
        type=_positive,
        default=bearable(),
        metavar="N",
        help="how many jobs run at once, the others wait (default: two for each core, as memory allows)",
    )
    serve.add_argument("--tls-certificate", type=Path, metavar="FILE", help="PEM certificate chain; needs --tls-key")
    serve.add_argument("--tls-key", type=Path, metavar="FILE", help="PEM private key of the certificate")
    serve.add_argument("--fake-delay", type=float, default=0.0, metavar="SECONDS", help="how long fake states last")
    serve.add_argument(
        "--unversioned-catalog", action="store_true", help="a catalog for programs that append /v2 to Sahara's endpoint"
    )
    serve.add_argument("--access-log", action="store_true", help="a line for each request in the service log")
    serve.set_defaults(run=_serve)
    where = argparse.ArgumentParser(add_help=False, parents=[state])
    where.add_argument(
        "--wait",
        type=float,
        nargs="?",
        const=60.0,
        default=0.0,
        metavar="SECONDS",
        help="wait for a service that is starting: so long, or 60 seconds",
    )
    env = commands.add_parser("env", parents=[where], help="print OS_* variables for a shell; with the password")
    env.set_defaults(run=_print_env)
    clouds = commands.add_parser("clouds-yaml", parents=[where], help="print a clouds.yaml; with the password")
    clouds.set_defaults(run=_print_clouds)
    shown = commands.add_parser("console", parents=[where], help="show clusters and jobs in the browser until Ctrl-C")
    console.add_options(shown, metavar="PORT")
    shown.set_defaults(run=_console)
    shows = commands.add_parser("status", parents=[state], help="show service, clusters, jobs, processes, memory, disk")
    shows.set_defaults(run=_status)
    ended = commands.add_parser("stop", parents=[state], help="end the service, and with --clusters all it started")
    ended.add_argument("--clusters", action="store_true", help="end processes of clusters and jobs too")
    ended.set_defaults(run=_stop)
    fewer = commands.add_parser("prune", parents=[state], help="remove files of jobs that have ended; records stay")
    for setting, unit, what in KEPT:
        told = f"{what} (default: what the service keeps)"
        fewer.add_argument(_option(setting), type=_whole, metavar=unit, help=told)
    fewer.set_defaults(run=_prune)
    gone = commands.add_parser("reset", parents=[state], help="end all that runs and remove the state folder")
    gone.add_argument("--yes", action="store_true", help="ask no question")
    gone.set_defaults(run=_reset)
    early = commands.add_parser(
        "prepare", help="make the archive of classes that Spark starts faster with; the service makes it in passing"
    )
    early.set_defaults(run=_prepare)
    past = commands.add_parser("history", parents=[where], help="show a job's page in Spark, or in its history")
    past.add_argument("job", nargs="?", help="id of a job, or name of a template: its latest job (default: the latest)")
    past.add_argument("--no-browser", action="store_true", help="print the page's URL, and open no browser")
    past.set_defaults(run=_history)
    opens = commands.add_parser(
        "shell", parents=[state], help="open pyspark or another shell of Spark on a cluster, or a shell in an instance"
    )
    opens.add_argument("cluster", help="name or id of an Active cluster of the plugin spark")
    opens.add_argument("--program", choices=SHELLS, default="pyspark", help="which (default: %(default)s)")
    opens.add_argument(
        "--instance",
        metavar="NAME",
        help="open a shell in this instance's folder, or run there what follows --",
    )
    opens.set_defaults(run=_shell)
    remote = commands.add_parser(
        "connect", parents=[state], help="print variables for a client of a cluster's Spark Connect; with the token"
    )
    remote.add_argument("cluster", help="name or id of an Active cluster with the process connect")
    remote.set_defaults(run=_print_remote)
    run = commands.add_parser(
        "run",
        parents=[state],
        help="run a program on Spark, with the service and cluster that it needs",
    )
    run.add_argument("--cluster", default="run", metavar="NAME", help="the cluster (default: %(default)s)")
    run.add_argument("--rm", action="store_true", help="take away afterwards what was made for it")
    run.add_argument("program", help="a .py file, or whatever `job run` takes")
    run.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    run.set_defaults(run=_run_program)
    demo = commands.add_parser("demo", add_help=False, help="run the demonstration, on a service of its own")
    demo.set_defaults(run=_demo)
    return parser


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def _whole(text: str) -> int:
    return 0 if text == "0" else _positive(text)


def _option(setting: str) -> str:
    return f"--{setting.replace('_', '-')}"


def _property(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.startswith("spark."):
        raise argparse.ArgumentTypeError(f"{name!r} is no Spark property: write spark.NAME=VALUE")
    return name, value


def _note(text: str) -> None:
    """Tells people what goes on, beside what a command prints."""
    print(f"sahara-local: {text}", file=sys.stderr, flush=True)  # noqa: T201


def _say(text: str) -> None:
    """Prints; where nobody reads any more (`| head -n 1`, a parent that has gone), that changes nothing else."""
    try:
        print(text, flush=True)  # noqa: T201
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _serve(options: argparse.Namespace) -> int:
    from saharaclient.local.engines import processes
    from saharaclient.local.engines.spark.external import UnknownMaster

    settings_of_options = {field.name for field in fields(Settings)} & vars(options).keys()
    given = {name: getattr(options, name) for name in settings_of_options}
    given |= {"state": options.state.resolve(), "spark_conf": dict(options.spark_conf)}
    settings = Settings(**given, password=state_folder.prepare(options.state))
    try:
        _serve_with(settings, options.state)
    except UnknownMaster as error:
        _note(f"--spark-master: {error}")
        return 2
    _say("Sahara has stopped.")
    if processes.running(settings.state):
        _say("Its Spark clusters and jobs run on: start it again to reach or delete them.")
    return 0


def _serve_with(settings: Settings, state: Path) -> None:
    from saharaclient.local.server.uvicorn import prepared

    with _signals_end_the_block(), prepared(settings) as server:
        where = shlex.quote(str(state))
        _say(
            f"Sahara runs at {server.url}, with its state in {settings.state}.\n"
            f'Reach it with:  eval "$(sahara-local env --state {where})"\n'
            f"See it in a browser:  sahara-local console --state {where}\n"
            f"Its log is {settings.log}. Ctrl-C stops it."
        )
        server.run()


class _signals_end_the_block:  # noqa: N801 - reads as a statement
    """SIGINT and SIGTERM end the block as its natural end: what has been started is stopped, and nothing is printed."""

    class _Ended(BaseException):
        """Raised where a signal finds the program outside of uvicorn, which has handlers of its own."""

    def __enter__(self) -> None:
        self._before = {number: signal.signal(number, self._end) for number in (signal.SIGINT, signal.SIGTERM)}

    def _end(self, _number: int, _frame: object) -> None:
        for number in self._before:
            signal.signal(number, signal.SIG_IGN)  # what must be stopped is stopped in peace
        raise self._Ended

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        return kind is self._Ended


def _running(options: argparse.Namespace) -> tuple[state_folder.Running, str]:
    """The service of a state folder and its password, as soon as it runs."""
    deadline = time.monotonic() + options.wait
    while True:
        try:
            return state_folder.find_running(options.state)
        except state_folder.StateError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(0.1)


def _print_env(options: argparse.Namespace) -> int:
    return _export(environment(*_running(options)))


def _export(variables: Mapping[str, str]) -> int:
    for name, value in variables.items():
        _say(f"export {name}={shlex.quote(value)}")
    return 0


def _print_clouds(options: argparse.Namespace) -> int:
    import yaml

    entry = cloud(*_running(options))
    _say(yaml.safe_dump({"clouds": {CLOUD: entry}}, sort_keys=False).rstrip())
    return 0


def _console(options: argparse.Namespace) -> int:
    from saharaclient.client import Client
    from saharaclient.local.server import usage

    running, password = _running(options)
    client = Client("2", session=session_of(cloud(running, password)), retry_deadline=0)
    state = options.state.resolve()
    console.serve(
        client,
        title=f"local · {state.name}",
        port=options.port,
        browser=not options.no_browser,
        usage=lambda: usage.facts(running, state),
    )
    return 0


def _status(options: argparse.Namespace) -> int:
    from saharaclient.local.server import upkeep

    facts = upkeep.status(options.state.resolve())
    width = max(map(len, facts)) + 2
    for name, told in facts.items():
        _say(f"{name + ':':{width}}{told}")
    return 0


def _stop(options: argparse.Namespace) -> int:
    from saharaclient.local.server import upkeep

    _say(upkeep.stop(options.state.resolve(), clusters=options.clusters))
    return 0


def _prune(options: argparse.Namespace) -> int:
    from saharaclient.local.server import upkeep

    state = options.state.resolve()
    given = {setting: getattr(options, setting) for setting, _, _ in KEPT if getattr(options, setting) is not None}
    _say(upkeep.prune(state, upkeep.limits_of({**state_folder.limits(state), **given})))
    return 0


def _reset(options: argparse.Namespace) -> int:
    from saharaclient.local.server import upkeep

    state = options.state.resolve()
    if not state.exists():
        _say(f"{state} is not there.")
        return 0
    if not options.yes:
        if not sys.stdin.isatty():
            _note(f"this removes {state} with all that is in it: give --yes.")
            return 2
        if not input(f"Remove {state} with all clusters, jobs and objects? [y/N] ").strip().lower().startswith("y"):
            return 1
    _say(upkeep.reset(state))
    return 0


def _prepare(_options: argparse.Namespace) -> int:
    from saharaclient.local.server import upkeep

    terminal = sys.stderr.isatty()

    def tell(text: str) -> None:
        if terminal:
            print(f"\r{text} …", end="", file=sys.stderr, flush=True)  # noqa: T201

    try:
        told = upkeep.prepare(tell)
    finally:
        if terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)  # noqa: T201
    _say(told)
    return 0


def _history(options: argparse.Namespace) -> int:
    import webbrowser

    from saharaclient.local import look

    running, password = _running(options)
    page = look.page(session_of(cloud(running, password)), options.job)
    _say(page)
    if not options.no_browser:
        webbrowser.open(page)
    return 0


def _shell(options: argparse.Namespace) -> int:
    from saharaclient.local.server import shell

    state, rest = options.state.resolve(), options.rest
    if options.instance:
        words = rest[1:] if rest[:1] == ["--"] else rest
        command, variables, folder = shell.in_instance(state, options.cluster, options.instance, words)
        os.chdir(folder)
    else:
        command, variables = shell.prepared(state, options.cluster, options.program, rest, _note)
    sys.stdout.flush()
    os.execve(command[0], command, variables)  # noqa: S606 - the program asked for takes the place of this one


def _print_remote(options: argparse.Namespace) -> int:
    from saharaclient.local.server import shell

    return _export(shell.remote(options.state.resolve(), options.cluster))


def _run_program(options: argparse.Namespace) -> int:
    from saharaclient.local import run  # the library is of no use to the other commands

    program = run.Program(options.program, options.arguments)
    return run.run(options.state.resolve(), options.cluster, program, keep=not options.rm)


def _demo(options: argparse.Namespace) -> int:
    here = Path(__file__)
    # in a wheel the examples are beside this file, in the sources at the root
    for folder in (here.with_name("examples"), here.parents[3] / "examples"):
        if (folder / "demo.py").exists():
            sys.stdout.flush()
            # It takes the place of this one: an interruption is told to who clears up.
            os.execv(sys.executable, [sys.executable, str(folder / "demo.py"), *options.rest])  # noqa: S606
    _note("this installation came without the examples.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
