"""A full disk: a typed error and nothing half stored, nothing lost, and all goes on when there is room again."""

import os
import shutil
import subprocess
import time

import pytest

from .model import Model
from .process import COMMAND, OWNERS, Process, check, random_numbers, tell, use

SIZE = 40  # MiB
PIECE = os.urandom(2 * 2**20)
STORE = "/object-store/v1/AUTH_{project}/kept"


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own."""
    if not shutil.which("mount"):
        pytest.skip("no program 'mount' is installed")
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=0700", "tmpfs", folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True, timeout=20)


class Filler:
    """Takes all the room there is, byte by byte at last."""

    def __init__(self, disk):
        self.path = disk / "filler"
        self.path.touch()  # now: a full disk may have no room for a name

    def fill(self):
        with self.path.open("ab", buffering=0) as file:
            for size in (2**20, 2**12, 1):
                try:
                    while file.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def empty(self):
        os.truncate(self.path, 0)


def fill_with_objects(user, model):
    """Uploads until one is refused; answers how many there are."""
    for number in range(SIZE):
        name = f"a{number}"
        model.begin(("object", name), hash(PIECE))
        reply = user.send("PUT", f"{STORE}/{name}", data=PIECE)
        if reply.status_code != 201:
            model.refused(("object", name))
            assert (reply.status_code, "disk of the service is full" in reply.text) == (507, True)
            return number
        model.done(("object", name), hash(PIECE))
    raise AssertionError("the disk is not full")


def test_a_full_disk_costs_nothing_but_patience(disk):
    chance = random_numbers()
    filler, model = Filler(disk), Model()
    service = Process(disk / "state", "--fake-delay", "0.05")
    try:
        user = service.start()
        kit = user.prepare()
        other = user.send("PUT", "/object-store/v1/AUTH_{project}/kept/first", data=b"first")
        assert other.status_code == 201
        model.begin(("object", "first"), hash(b"first"))
        model.done(("object", "first"), hash(b"first"))

        # Contents leave room for records: what fills the disk can be deleted, and everything else goes on.
        assert fill_with_objects(user, model) > 3
        assert user.send("PUT", f"{STORE}/copy", headers={"X-Copy-From": "kept/a0"}).status_code == 507
        assert user.send("POST", "/v1.1/{project}/clusters", json={**kit["cluster"], "name": "a"}).status_code == 202
        model.begin(("cluster", "a"), "there")
        model.done(("cluster", "a"), "there")
        assert user.send("DELETE", f"{STORE}/a0").status_code == 204
        model.done(("object", "a0"), None)
        wrong = check(user, model, service)
        assert not wrong, wrong

        # Something else takes the rest, while clusters come up and jobs run.
        for number in range(6):
            name = f"a-late-{number}"
            assert user.send("POST", "/v1.1/{project}/clusters", json={**kit["cluster"], "name": name}).ok
            model.begin(("cluster", name), "there")
            model.done(("cluster", name), "there")
        for _ in range(6):
            model.begin_run()
            body = {"cluster_id": user.ids("cluster")["a"]}
            model.done_run(user.send("POST", f"/v1.1/{{project}}/jobs/{kit['job']}/execute", json=body).json()
                           ["job_execution"]["id"])  # fmt: skip
        workers = [(service.user(), owner) for owner in OWNERS]
        filler.fill()
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            for one, owner in workers:
                one.step(model, chance, owner, f"{owner}{chance.randrange(10**9)}", kit)
        refused = sum(one.refused for one, _ in workers)
        print(f"{refused} requests were refused")
        assert refused > 10
        assert user.send("GET", f"{STORE}/a1").content == PIECE

        # A second service cannot start on it, and says why.
        words = [COMMAND, "serve", "--state", disk / "other", "--port", "0"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr.count("\n"), "Traceback" in done.stderr) == (1, 1, False), done.stderr

        # There is room again.
        filler.empty()
        wrong = check(user, model, service)
        assert not wrong, wrong
        for one, _ in workers:
            one.session.close()
        user.session.close()
        use(service, model, chance, kit, service.kill)
        user = service.start()
        wrong = check(user, model, service)
        assert not wrong, wrong
        tell(model, 1)

        # Killed on a full disk, it starts when there is room.
        filler.fill()
        service.kill()
        service.start(wait=False)
        output, _ = service.process.communicate(timeout=60)
        assert (service.process.returncode, "Traceback" in output) == (1, False), output
        filler.empty()
        user.session.close()
        user = service.start()
        wrong = check(user, model, service)
        assert not wrong, wrong
        user.session.close()
    finally:
        service.kill()
