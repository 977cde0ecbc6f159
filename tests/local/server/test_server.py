"""Start, stop and safety: what holds before and after any request."""

import ipaddress
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from saharaclient.local import LocalSahara
from saharaclient.local.engines.processes import MARK
from saharaclient.local.server import state_folder
from saharaclient.local.server.address import ServerError
from saharaclient.local.server.state_folder import StateError

COMMAND = Path(sys.executable).parent / "sahara-local"


def run_command(*words, **options):
    return subprocess.run([COMMAND, *words], capture_output=True, text=True, timeout=60, check=False, **options)


@pytest.fixture
def serve(tmp_path):
    """Starts the command in the foreground of a process; answers the process and its first line."""
    started = []

    def start(*words):
        command = [COMMAND, "serve", "--state", tmp_path / "state", "--port", "0", *words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process, process.stdout.readline()

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("words", ["--help", "serve --help", "env", "clouds-yaml"])
def test_to_print_takes_no_server(serve, tmp_path, words):
    serve()
    script = (
        "import atexit, sys; from saharaclient.local import main\n"
        "heavy = {'fastapi', 'keystoneauth1', 'psutil', 'sqlalchemy', 'starlette', 'uvicorn'}\n"
        "atexit.register(lambda: print(sorted(heavy & {*sys.modules}), file=sys.stderr))\n"
        "sys.exit(main())"
    )
    environment = {**os.environ, "SAHARA_LOCAL_STATE": str(tmp_path / "state")}
    command = [sys.executable, "-c", script, *words.split()]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "[]\n")
    assert done.stdout


def test_a_reader_that_has_gone_changes_nothing(serve, tmp_path):
    process, _ = serve()
    process.stdout.close()
    words = [COMMAND, "env", "--state", tmp_path / "state"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as env:
        env.stdout.close()
        assert (env.wait(20), env.stderr.read()) == (0, "")
    process.terminate()
    assert (process.wait(20), process.stderr.read()) == (0, "")
    process.stdout = None  # it is closed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_a_signal(serve, tmp_path, number):
    process, line = serve()
    assert "Sahara runs at http://127.0.0.1:" in line
    state = str(tmp_path / "state")
    env = run_command("env", "--state", state).stdout
    assert "export OS_AUTH_URL=http://127.0.0.1:" in env
    shell = f'eval "$({COMMAND} env --state {state})"; {COMMAND.parent}/openstack token issue -f value -c project_id'
    token = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=60, check=True)
    assert len(token.stdout.strip()) == 32
    cloud = yaml.safe_load(run_command("clouds-yaml", "--state", state).stdout)["clouds"]["local"]
    assert requests.get(cloud["auth"]["auth_url"], timeout=10).ok
    process.send_signal(number)
    output, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert output.endswith("Sahara has stopped.\n")
    assert errors == ""
    stopped = run_command("env", "--state", state)
    assert (stopped.returncode, stopped.stderr.count("\n")) == (1, 1)
    assert "No service runs" in stopped.stderr


def test_tells_at_its_end_of_what_runs_on(serve, tmp_path):
    process, _ = serve()
    of_a_cluster = {**os.environ, MARK: str(tmp_path / "state" / "clusters" / "one")}
    with subprocess.Popen(["sleep", "60"], env=of_a_cluster) as daemon:
        process.send_signal(signal.SIGINT)
        output, said = process.communicate(timeout=60)
        daemon.kill()
    assert process.returncode == 0, said
    told = "Its Spark clusters and jobs run on: start it again to reach or delete them.\n"
    assert output.endswith(told), (output, said, daemon.returncode)


def test_limits_are_options(serve):
    url = serve("--max-body-bytes", "2000", "--token-lifetime", "60")[1].split()[3].rstrip(",")
    tokens = f"{url}/identity/v3/auth/tokens"
    assert requests.post(tokens, data=b" " * 2000, timeout=10).status_code == 400
    assert requests.post(tokens, data=b" " * 2001, timeout=10).status_code == 413


@pytest.mark.parametrize("words", [("--token-lifetime", "0"), ("--max-body-bytes", "8M"), ("--max-upload-bytes", "²")])
def test_limits_are_whole_numbers(words):
    done = run_command("serve", *words)
    assert done.returncode == 2
    assert done.stderr.endswith(f"argument {words[0]}: '{words[1]}' is not a whole number of 1 or more\n")


def test_a_killed_service_leaves_no_lock(serve, tmp_path):
    process, _ = serve()
    process.kill()
    process.wait()
    assert "No service runs" in run_command("env", "--state", str(tmp_path / "state")).stderr
    assert "Sahara runs at" in serve()[1]


def test_env_waits_for_a_service_that_is_starting(serve, tmp_path):
    words = [COMMAND, "env", "--state", tmp_path / "state", "--wait", "30"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as env:
        with pytest.raises(subprocess.TimeoutExpired):
            env.wait(1)
        serve()
        assert "export OS_AUTH_URL=http://127.0.0.1:" in env.communicate(timeout=30)[0]
    assert env.returncode == 0


def test_one_service_for_a_state_folder(tmp_path):
    with LocalSahara(tmp_path / "state"):
        taken = run_command("serve", "--state", str(tmp_path / "state"), "--port", "0")
        assert taken.returncode == 1
        assert f"process {os.getpid()}" in taken.stderr
        with pytest.raises(StateError, match="already runs"), LocalSahara(tmp_path / "state"):
            pass


def test_a_taken_port_fails_at_once():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServerError, match=f"port {port}.*in use"), LocalSahara(port=port):
            pass
    with LocalSahara(port=port) as sahara:
        assert sahara.url.endswith(f":{port}")


def test_state_is_private_and_survives(tmp_path):
    state = tmp_path / "state"
    with LocalSahara(state) as sahara:
        password = sahara.cloud["auth"]["password"]
        made = sahara.session().put(f"{swift(sahara)}/kept", headers={})
        assert made.status_code == 201
        project = sahara.session().get_project_id()
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE((state / "password").stat().st_mode) == 0o600
    with LocalSahara(state) as sahara:
        assert sahara.cloud["auth"]["password"] == password
        assert sahara.session().get_project_id() == project
        assert "kept" in sahara.session().get(swift(sahara)).text
        sahara.session().get(f"{sahara.url}/compute/v2.1/servers", raise_exc=False)
        log = sahara.service.settings.log.read_text()
    assert password not in log


def swift(sahara):
    return sahara.session().get_endpoint(service_type="object-store")


def test_a_temporary_state_goes_away():
    with LocalSahara() as sahara:
        state = sahara.service.settings.state
        assert state.is_dir()
    assert not state.exists()
    with pytest.raises(RuntimeError, match="'with' statement"):
        _ = sahara.url


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_other_addresses_need_tls(host):
    with pytest.raises(ServerError, match="not a loopback address"), LocalSahara(host=host):
        pass


def test_tls(tmp_path):
    certificate, key = make_certificate(tmp_path)
    with LocalSahara(host="127.0.0.1", tls_certificate=certificate, tls_key=key) as sahara:
        assert sahara.url.startswith("https://")
        session = sahara.session()
        assert session.get_endpoint(service_type="data-processing").startswith(sahara.url)
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(sahara.url, timeout=10)
    with pytest.raises(ServerError, match="needs both files"), LocalSahara(tls_certificate=certificate):
        pass
    with pytest.raises(ServerError, match="cannot be used"), LocalSahara(tls_certificate=key, tls_key=key):
        pass


def make_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])

    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    return folder / "certificate.pem", folder / "key.pem"


def test_bodies_are_limited():
    with LocalSahara(max_body_bytes=1000, max_upload_bytes=2000) as sahara:
        session = sahara.session()
        big = session.post(f"{sahara.url}/compute/v2.1/os-keypairs", data=b"[" * 1001, raise_exc=False)
        assert big.status_code == 413
        session.put(f"{swift(sahara)}/c")
        for data in (b"x" * 2001, iter([b"x" * 1500] * 2)):  # announced, and in chunks
            answer = requests.put(
                f"{swift(sahara)}/c/o", data=data, headers={"X-Auth-Token": session.get_token()}, timeout=10
            )
            assert answer.status_code == 413
        assert not list(sahara.service.settings.uploads.iterdir())


def test_every_reply_has_a_request_id(local_sahara):
    for path in ("/", "/identity/v3", "/compute/v2.1/flavors", "/no/such/thing"):
        answer = requests.get(local_sahara.url + path, timeout=10)
        assert answer.headers["x-openstack-request-id"].startswith("req-")
        assert answer.headers["content-type"] == "application/json"


def test_nul_in_a_url(local_sahara, admin):
    for path in ("/image/v2/images/%00", "/image/v2/images?name=%00", "/identity/v3/users/%00"):
        assert admin.get(local_sahara.url + path, raise_exc=False).status_code == 400


def test_stopping_is_quick_with_idle_connections():
    session = requests.Session()
    with LocalSahara() as sahara:
        session.get(f"{sahara.url}/identity", timeout=10)
        start = time.monotonic()
    assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--port", "99999"], "Cannot listen"),
        (["--database", "nonsense"], "no SQLAlchemy URL"),
        (["--database", "nonsense://user:hidden-word@host/name"], "driver"),
        (["--database", "sqlite:////no/such/folder/file.db"], "cannot be used"),
        (["--host", "0.0.0.0"], "not a loopback address"),
    ],
)
def test_bad_options_are_told_in_one_line(tmp_path, words, reason):
    done = run_command("serve", "--state", str(tmp_path / "state"), "--port", "0", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert reason in done.stderr
    assert "hidden-word" not in done.stderr


def test_demo_finds_the_examples():
    assert "Count the words" in run_command("demo", "--help").stdout


def test_an_interrupted_demo_clears_up(tmp_path):
    command, mind = [COMMAND, "demo"], {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)}, **pipes, **mind
    ) as process:
        while "the cluster is" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        told, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (130, "")
    assert "cleaned up" in told
    assert [*tmp_path.iterdir()] == []


def test_a_dead_services_address_is_not_told_while_another_starts(tmp_path):
    """It leaves `running.json`; the lock is the new one's, which has told nothing yet."""
    state = tmp_path / "state"
    with LocalSahara(state=state):
        left = (state / "running.json").read_text()
    dead = json.loads(left) | {"pid": 2**22 + 1}
    (state / "running.json").write_text(json.dumps(dead))
    with state_folder.lock(state), pytest.raises(state_folder.StateError, match="No service runs"):
        state_folder.find_running(state)
