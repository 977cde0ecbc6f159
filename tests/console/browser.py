"""A real Chromium without a window, and what the tests ask of its pages."""

import contextlib
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[2]
AXE = ROOT / "build" / "node_modules" / "axe-core" / "axe.min.js"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (320, 1280, 2560)  # pixels
SCHEMES = ("light", "dark")


def find_chromium():
    """Where Chromium is, or why the tests that need it can't run."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("there is no Chromium: `make browser` installs it")
    return found


@contextlib.contextmanager
def chromium():
    """A browser with an empty profile."""
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS, headless=True)
        try:
            yield browser
        finally:
            browser.close()


class Reader:
    """Somebody who is logged in to a console and looks at its pages; remembers what went wrong in the browser.

    Args:
        browser: the browser.
        server: the console.
        options: those of a browser context, such as its zone or whether it runs scripts.
    """

    def __init__(self, browser, server, **options):
        self.server, self.errors, self.asked = server, [], set()
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("request", lambda request: self.asked.add(request.url))
        self.page.goto(server.new_link())
        self.page.wait_for_url(server.url + "/")

    def _hear(self, said):
        # what is not there, or not there any more, answers 404 or 503, of which the browser tells
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.errors.append(said.text)

    def open(self, path):
        """Go to a page of the console, and wait until what it shows has been read from Sahara."""
        self.page.goto(self.server.url + path)
        expect(self.page.get_by_text("Being read from Sahara")).to_have_count(0, timeout=30_000)
        return self.page

    def wait_for_text(self, selector, text, seconds=30.0):
        """Wait until an element has a text, without reading the page anew."""
        script = "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)"
        self.page.wait_for_function(script, arg=[selector, text], timeout=seconds * 1000, polling=20)

    def faults(self):
        """What axe-core finds on the page as it is."""
        return faults_of(self.page)

    def close(self):
        """End, and say what went wrong."""
        self.context.close()
        strangers = {url for url in self.asked if not url.startswith(self.server.url + "/")}
        assert not strangers, "other sites were asked for something"
        assert not self.errors


def faults_of(page):
    """What axe-core finds against WCAG 2.2 AA on a page as it is."""
    if not AXE.exists():
        pytest.skip("there is no axe-core: `make browser` installs it")
    # evaluated from outside, as the page's policy lets no other script in
    page.evaluate(AXE.read_text() + "; undefined")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
    return [
        f"{rule['id']}: {node['html'][:200]}: {node.get('failureSummary', '')}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
