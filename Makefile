# What a person or CI runs. Each target sets up what it needs; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLOOR = $(shell sed -n 's/^fail_under = //p' pyproject.toml)
AXE := build/node_modules/axe-core/axe.min.js

.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(MAKEFILE_LIST))

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 15

# What the demonstration needs, and the commands that the README goes on with; all that developers need comes on top of it.
$(VENV)/.demo: pyproject.toml
	@echo "Installing into $(VENV): Spark is a download of 456 MB, Java one of 34 MB; later runs find them here."
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --compile-bytecode --python $(VENV) -e '.[cli,local]'
	@touch $@

$(VENV)/.ready: $(VENV)/.demo
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(VENV) --upgrade pip setuptools -e '.[dev]'
	@touch $@

demo: $(VENV)/.demo  ## the main job on this machine: a Spark cluster, a word count, its result and timeline
	$(BIN)/python examples/demo.py

pictures: $(VENV)/.ready browser  ## draw the pictures of the README and of the architecture anew
	$(BIN)/python -m tests.meta.picture docs/images/layers.svg
	$(BIN)/python examples/demo.py --svg docs/images/demo-timeline.svg
	$(BIN)/python examples/terminal.py docs/images/terminal.svg
	$(BIN)/python examples/console_pictures.py docs/images

docs: $(VENV)/.ready  ## the manual, into build/docs; warnings are errors
	$(BIN)/sphinx-build --fail-on-warning --keep-going --fresh-env --quiet -d build/doctrees -b html docs build/docs
	@echo "The manual: $(CURDIR)/build/docs/index.html"

test: $(VENV)/.ready  ## the fast tests: a fresh machine needs Python and pip alone; COVERAGE=1 measures branches
	$(BIN)/$(if $(COVERAGE),coverage run,python) -m pytest
	@$(if $(COVERAGE),$(BIN)/coverage report,echo "The floor of branch coverage is $(FLOOR) %: make test COVERAGE=1")

archive: $(VENV)/.ready  ## Spark's classes, with which the tests' Spark starts in less time: made once
	SAHARA_LOCAL_CACHE=build/cache $(BIN)/sahara-local prepare

test-docs: $(VENV)/.ready archive  ## the code of the README and the manual, against the embedded service
	$(BIN)/python -m pytest tests/docs

test-versions: $(VENV)/.ready  ## the fast tests on the lowest and on the newest versions of what the package uses
	tests/versions/run

test-local: $(VENV)/.ready shells archive  ## the embedded service: its APIs, real Spark jobs, kill -9; TESTS=FILES chooses
	$(BIN)/python -m pytest --durations=20 $(or $(TESTS),tests/cli tests/life_cycle tests/local)

shells:  ## the shells that completion is tried in; where they cannot be installed, its tests say so
	-@command -v zsh >/dev/null && command -v fish >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends zsh fish >/dev/null; }

test-console: $(VENV)/.ready browser archive  ## the console in a real browser, on the embedded service; TESTS=FILES chooses
	$(BIN)/python -m pytest $(or $(TESTS),tests/console)

browser: $(AXE)  ## what the tests of the console need: Chromium, and axe-core, which looks for what is in anybody's way
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; }

$(AXE):
	@command -v npm >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends npm >/dev/null; }
	npm install --silent --no-save --prefix build axe-core@4.10.3
	echo "880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb  $@" | sha256sum --check --quiet

rclone:  ## what copies to the object storage in the tests of other people's programs
	@command -v rclone >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends rclone >/dev/null; }

test-faults: $(VENV)/.ready  ## faults between client and service, and where secrets could leak; TABLE=FILE writes the matrix
	$(BIN)/python -m pytest tests/faults tests/leaks $(if $(TABLE),--faults-table=$(TABLE))

test-real: $(VENV)/.ready  ## against a real Keystone and Sahara on loopback (installs and starts them; needs root); TESTS=FILES chooses
	tests/real/run $(TESTS)

test-consumers: $(VENV)/.ready rclone archive  ## other people's programs against the embedded service, each with its pinned versions; TESTS=FILES chooses
	$(BIN)/python -m pytest $(or $(TESTS),tests/consumers)

check: $(VENV)/.ready  ## lint, format, types, security, and that what is imported is declared
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/make_aio.py --check
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive src
	$(BIN)/python -m pytest -q tests/meta/test_dependencies.py tests/typing

aio: $(VENV)/.ready  ## make the asynchronous surface anew from the synchronous one
	$(BIN)/python tools/make_aio.py

audit: $(VENV)/.ready  ## look up everything installed in the database of vulnerabilities
	$(BIN)/python tests/dist/audit.py

dist: $(VENV)/.ready  ## sdist and wheel, and each way to install them tried in a clean environment
	rm -rf dist
	$(BIN)/python -m build --installer uv --outdir dist . >/dev/null
	$(BIN)/twine check --strict dist/*
	$(BIN)/python -m pytest $(or $(TESTS),tests/dist) --durations=5

release: check audit docs dist  ## build and check a release; says what to tag and to upload
	$(BIN)/python tests/dist/release.py

bench: $(VENV)/.ready  ## figures against requests and against 4.2.0; BENCH=--write puts them into the manual
	$(BIN)/python benchmarks/run.py $(BENCH)

clean:  ## remove what the other targets made
	rm -rf $(VENV) .venv-* .real build dist .mypy_cache .pytest_cache .ruff_cache
