"""The package's own fixtures, as programs use them."""


def test_fixture_gives_a_client(sahara_client):
    assert "fake" in [plugin.name for plugin in sahara_client.plugins.list()]


def test_both_versions(local_sahara):
    for version in ("1.1", "2"):
        plugins = local_sahara.client(version).plugins.list()
        assert {plugin.name for plugin in plugins} == {"fake", "spark"}
