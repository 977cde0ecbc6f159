"""Fields of flavors and key pairs come with the microversions in which Nova has them."""

import pytest


def fields(local_sahara, admin, path, microversion):
    headers = {"OpenStack-API-Version": f"compute {microversion}"}
    return admin.get(f"{local_sahara.url}/compute/v2.1{path}", headers=headers).json()


@pytest.mark.parametrize(
    ("microversion", "later"),
    [
        ("2.1", set()),
        ("2.47", set()),
        ("2.54", set()),
        ("2.55", {"description"}),
        ("2.60", {"description"}),
        ("2.61", {"description", "extra_specs"}),
        ("latest", {"description", "extra_specs"}),
    ],
)
def test_flavors(local_sahara, admin, microversion, later):
    flavor = fields(local_sahara, admin, "/flavors/1", microversion)["flavor"]
    assert flavor.keys() & {"description", "extra_specs", "original_name"} == later
    assert flavor["name"] == "m1.tiny"


@pytest.mark.parametrize(("microversion", "later"), [("2.1", set()), ("2.2", {"type"}), ("latest", {"type"})])
def test_key_pairs(local_sahara, admin, microversion, later):
    [found] = fields(local_sahara, admin, "/os-keypairs", microversion)["keypairs"]
    assert found["keypair"].keys() & {"type"} == later
