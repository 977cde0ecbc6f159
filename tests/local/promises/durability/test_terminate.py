"""SIGTERM at random moments: a clean end within seconds, nothing lost, nothing left behind."""

import time

from .model import Model
from .process import Process, check, processes_of, random_numbers, tell, use

ROUNDS = 12
SECONDS = 10  # a clean end takes no longer: requests under way have two


def test_sigterm_ends_cleanly_and_loses_nothing(tmp_path):
    chance = random_numbers()
    state = tmp_path / "state"
    service, model, seconds = Process(state, "--fake-delay", "0.02"), Model(), []

    def end():
        began = time.monotonic()
        assert service.terminate(SECONDS).endswith("Sahara has stopped.\n")
        seconds.append(time.monotonic() - began)

    try:
        user = service.start()
        kit = user.prepare()
        for number in range(ROUNDS):
            user.session.close()
            use(service, model, chance, kit, end)
            assert not (state / "running.json").exists()
            assert not list(processes_of(state))
            assert (state / "lock").read_text() == ""
            user = service.start()
            wrong = check(user, model, service)
            assert not wrong, f"round {number + 1}:\n" + "\n".join(wrong)
        tell(model, ROUNDS)
        print(f"ends took {min(seconds):.1f} to {max(seconds):.1f} s")
        user.session.close()
    finally:
        service.kill()


def test_sigterm_while_it_starts(tmp_path):
    """Whatever it has done by then, it ends by itself, and the next start goes well."""
    chance = random_numbers()
    service = Process(tmp_path / "state")
    for _ in range(5):
        service.start(wait=False)
        time.sleep(chance.uniform(0.05, 1.5))
        service.process.terminate()
        output, _ = service.process.communicate(timeout=SECONDS)
        assert "Traceback" not in output
        assert service.process.returncode in (0, -15), output  # -15: Python itself was starting
        assert not (service.state / "running.json").exists()
    service.start().session.close()
    service.terminate(SECONDS)
