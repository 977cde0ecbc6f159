"""Rules of security groups in bulk, all or none; and agents, of which there are none."""

import pytest

NETWORK = {"service_type": "network", "interface": "public"}


@pytest.fixture
def group(admin):
    made = admin.post("/v2.0/security-groups", json={"security_group": {"name": "bulk"}}, endpoint_filter=NETWORK)
    made = made.json()["security_group"]
    yield made["id"]
    admin.delete(f"/v2.0/security-groups/{made['id']}", endpoint_filter=NETWORK)


def post(admin, rules):
    body = {"security_group_rules": rules}
    return admin.post("/v2.0/security-group-rules", json=body, endpoint_filter=NETWORK, raise_exc=False)


def ports(admin, group):
    shown = admin.get(f"/v2.0/security-groups/{group}", endpoint_filter=NETWORK).json()["security_group"]
    return sorted(rule["port_range_min"] for rule in shown["security_group_rules"] if rule["direction"] == "ingress")


def rule(group, port):
    return {"security_group_id": group, "direction": "ingress", "port_range_min": port, "port_range_max": port}


def test_in_bulk(admin, group):
    answer = post(admin, [rule(group, 22), rule(group, 80)])
    assert answer.status_code == 201
    assert [made["port_range_min"] for made in answer.json()["security_group_rules"]] == [22, 80]
    assert ports(admin, group) == [22, 80]


@pytest.mark.parametrize("wrong", [[], {}, "rules", [7]])
def test_what_is_no_list_of_rules(admin, group, wrong):
    assert post(admin, wrong).status_code == 400
    assert ports(admin, group) == []


def test_all_or_none(admin, group):
    assert post(admin, [rule(group, 22), rule(group, 70_000)]).status_code == 400
    assert ports(admin, group) == []


def test_agents(admin):
    assert admin.get("/v2.0/agents", endpoint_filter=NETWORK).json() == {"agents": []}
