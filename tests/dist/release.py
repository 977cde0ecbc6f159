"""Says what is left to do for a release once it is built and checked: the tag and the upload.

It fails where the version, the changelog, the built files or the working tree do not belong together.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]


def git(*words):
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def problems(version, changelog, built, changed, tags):
    """What forbids a release.

    Args:
        version: that of the package.
        changelog: the text of CHANGELOG.md.
        built: the names of the files that were built.
        changed: what git says is not committed.
        tags: the tags that there are.
    """
    sections = dict(re.findall(r"^## (\S+)[^\n]*\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL))
    entries = [line for line in sections.get("Unreleased", "").splitlines() if line.startswith("- ")]
    if version in tags:
        yield f"{version} is tagged already: raise __version__ in src/saharaclient/__init__.py"
    if entries:
        yield f'CHANGELOG.md has {len(entries)} entries under "Unreleased": move them to "{version}"'
    if version not in sections:
        yield f'CHANGELOG.md has no section "{version}"'
    if changed:
        yield f"not committed: {', '.join(changed)}"
    expected = {f"python_saharaclient-{version}.tar.gz", f"python_saharaclient-{version}-py3-none-any.whl"}
    if {*built} != expected:
        yield f"dist/ has {sorted(built)}, not {sorted(expected)}: make dist"


def main():
    [version] = re.findall(r'^__version__ = "(.+)"', (ROOT / "src/saharaclient/__init__.py").read_text(), re.MULTILINE)
    changed = [line[3:] for line in git("status", "--porcelain").splitlines()]
    built = [path.name for path in (ROOT / "dist").glob("*")]
    found = list(problems(version, (ROOT / "CHANGELOG.md").read_text(), built, changed, git("tag").split()))
    if found:
        sys.exit("\n".join([f"{version} is not ready:", *found]))
    commit = git("rev-parse", "--short", "HEAD")
    print(f"{version} is built and checked. What is left:")
    print(f"  git tag --annotate {version} --message 'python-saharaclient {version}' {commit}")
    print(f"  git push origin {version}")
    print(f"  .venv/bin/twine upload {' '.join(sorted(f'dist/{name}' for name in built))}")


if __name__ == "__main__":
    main()
