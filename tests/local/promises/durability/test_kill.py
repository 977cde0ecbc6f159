"""`kill -9` at random moments: what was answered is there after the next start, and nothing is left half done."""

import time

from tests.local.databases import in_postgresql

from .model import Model
from .process import Process, check, random_numbers, tell, use

ROUNDS = 40  # in each the service is killed while it is used
STARTS_KILLED = 10  # in so many rounds it is killed again while it starts
FEW_ROUNDS = 5


def kill_again_and_again(state, rounds, starts_killed, *words):
    chance = random_numbers()
    service, model = Process(state, "--fake-delay", "0.02", *words), Model()
    try:
        user = service.start()
        kit = user.prepare()
        early = set(chance.sample(range(rounds), starts_killed))
        for number in range(rounds):
            user.session.close()
            use(service, model, chance, kit, service.kill)
            if number in early:
                service.start(wait=False)
                time.sleep(chance.uniform(0.3, 2.0))
                service.kill()
            user = service.start()
            wrong = check(user, model, service)
            assert not wrong, f"round {number + 1}:\n" + "\n".join(wrong)
        tell(model, rounds + starts_killed)
        user.session.close()
    finally:
        service.kill()


def test_what_was_answered_survives_kill_9(tmp_path):
    kill_again_and_again(tmp_path / "state", ROUNDS, STARTS_KILLED)


@in_postgresql
def test_what_was_answered_survives_kill_9_in_postgresql(tmp_path, new_database):
    kill_again_and_again(tmp_path / "state", FEW_ROUNDS, 1, "--database", new_database())
