"""What happens where an extra is not installed: one line that says how to get it."""

import sys

import pytest

import saharaclient.local


@pytest.fixture
def without(monkeypatch):
    """The packages of the extra `local` are not there."""

    def remove(*names):
        for module in [m for m in sys.modules if m.startswith("saharaclient.local.")]:
            monkeypatch.delitem(sys.modules, module)
        for name in names:
            monkeypatch.setitem(sys.modules, name, None)

    return remove


def test_the_service_names_its_extra(without):
    without("uvicorn")
    with pytest.raises(ModuleNotFoundError, match=r"needs uvicorn: pip install 'python-saharaclient\[local\]>=5'"):
        _ = saharaclient.local.LocalSahara


def test_the_command_names_the_extra(without, capsys, monkeypatch):
    without("yaml")
    monkeypatch.setattr(sys, "argv", ["sahara-local", "clouds-yaml"])
    assert saharaclient.local.main() == 1
    told = capsys.readouterr()
    assert told.err == "sahara-local: the embedded service needs yaml: pip install 'python-saharaclient[local]>=5'\n"
    assert told.out == ""
