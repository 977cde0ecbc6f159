"""What is in the wheel and in the sdist."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def members(wheel):
    return sorted(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = members(wheel)
    folders = {name.partition("/")[0] for name in names}
    assert [f for f in folders if not f.endswith(".dist-info")] == ["saharaclient"]
    assert "saharaclient/py.typed" in names
    assert {f"saharaclient/local/examples/{p.name}" for p in (ROOT / "examples").iterdir() if p.is_file()} <= {*names}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    sources = {str(p.relative_to(ROOT / "src")) for p in (ROOT / "src").rglob("*.py")}
    assert sources <= {*names}
    assert not [n for n in names if "/test" in n or n.endswith(".pyc")]


def test_the_sdist_holds_what_builds_tests_and_documents_it(sdist):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", "src/saharaclient/py.typed"} <= names
    assert {"examples/demo.py", "tests/unit/test_client.py", "tests/recordings/v2.json", "docs/index.md"} <= names
    assert not [n for n in names if "__pycache__" in n or n.startswith((".venv", "build/"))]


def test_the_sdist_builds_the_same_wheel(sdist, wheel, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    command = [sys.executable, "-m", "build", "--installer", "uv", "--wheel", "-o", tmp_path / "again", source]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (again,) = (tmp_path / "again").iterdir()
    assert again.name == wheel.name
    assert members(again) == members(wheel)
    for name in members(wheel):
        assert zipfile.ZipFile(again).read(name) == zipfile.ZipFile(wheel).read(name), name
