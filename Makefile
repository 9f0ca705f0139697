# `make run` and `make test` do all their own set-up; each step is skipped when it is up to date.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STAMPS := build/.stamps
VISIT_SIZE ?= 800x480
SEEDS ?= 1000
TESTS ?= not soak and not image
SUITES ?= $(shell sed -n 's/^\([a-z]*\) .*/\1/p' .ci/debian-suites.txt)
WORKERS ?= auto

.PHONY: setup run test test-fast fresh fresh-quick soak sim lint bench pictures lock image image-packages
.PHONY: image-lock image-test clean help coverage
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 18

setup: $(STAMPS)/apt $(STAMPS)/venv $(STAMPS)/npm $(STAMPS)/board tiles clips phone desk ## everything the other targets need; each step is skipped when it is up to date
$(STAMPS)/apt: .ci/apt-packages.txt
	@mkdir -p $(@D)
	bash .ci/install-apt.sh .ci/apt-packages.txt
	@touch $@

$(STAMPS)/venv: requirements.txt requirements-dev.txt setup.py $(STAMPS)/apt
	@mkdir -p $(@D)
	test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --require-hashes -r requirements.txt -r requirements-dev.txt
	$(RUN) -m pip install --quiet --no-deps --no-build-isolation \
	  --config-settings editable_mode=compat -e .
	@touch $@

$(STAMPS)/npm: package-lock.json $(STAMPS)/apt
	@mkdir -p $(@D)
	npm ci --no-fund --no-audit --loglevel=error
	@touch $@

$(STAMPS)/board: .ci/fetch-board.sh .ci/fetch-debs.sh images/packages.lock $(STAMPS)/apt
	@mkdir -p $(@D)
	bash .ci/fetch-board.sh build/board
	@touch $@

.PHONY: tiles
tiles: $(STAMPS)/venv $(STAMPS)/npm
	@$(RUN) -m ui.tiles.render --out build/tiles >&2

.PHONY: voice
voice: $(STAMPS)/venv
	@$(RUN) -m audio.main build --data build/espeak >&2

.PHONY: clips
clips: voice
	@$(RUN) -m audio.main render --data build/espeak --out build/clips >&2

.PHONY: phone
phone: tiles clips
	@$(RUN) -m ui.phone.page.build --out build/phone >&2

.PHONY: desk
desk: $(STAMPS)/npm
	@mkdir -p build/desk
	@cp node_modules/htmx.org/dist/htmx.min.js node_modules/htmx.org/LICENSE build/desk/

run: setup ## a whole village on this machine
	@VISIT_SIZE=$(VISIT_SIZE) bash .ci/run-village.sh

# WORKERS: how many processes run tests at the same time; each shows what its slowest tests cost.
test: setup ## everything that is promised, with the real parts
	$(RUN) -m pytest -n $(WORKERS) --durations=25 -m "$(TESTS)"

test-fast: setup ## what needs no village, browser, screen or other program
	$(RUN) -m pytest -n $(WORKERS) --durations=10 -m "not soak and not image and not heavy"

fresh: $(STAMPS)/apt ## both commands of the README in a bare Debian of each promised suite (root)
	for suite in $(SUITES); do bash .ci/fresh-root.sh "$$suite" run test || exit; done

fresh-quick: $(STAMPS)/apt ## what differs on a clean machine, in the first suite (root)
	bash .ci/fresh-root.sh $(firstword $(SUITES)) test TESTS=fresh

coverage: setup ## which lines no test has run, in build/coverage/
	$(RUN) -m pytest -n $(WORKERS) -m "$(TESTS)" --cov --cov-report=html:build/coverage --cov-report=term:skip-covered

soak: setup ## long fault loops
	$(RUN) -m pytest -m soak

image-test: image ## start the built image in an emulator (root)
	$(RUN) -m pytest -m image tests/images

sim: setup ## faults by seed: make sim SEEDS=10000
	$(RUN) -m tests.sim.run --seeds $(SEEDS)

lint: setup ## style, types, import rules, the scripts of the pages
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports --no-cache --no-logo
	node_modules/.bin/eslint ui uplink tests eslint.config.mjs
	node_modules/.bin/tsc

bench: setup ## write docs/benchmarks.md
	$(RUN) -m tests.bench

pictures: setup ## redraw docs/pictures
	$(RUN) -m tests.pictures

lock: $(STAMPS)/venv ## pin the Python libraries again
	$(RUN) -m pip install --quiet pip-tools
	for name in requirements requirements-dev; do \
	  $(VENV)/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	    -o $$name.txt $$name.in; done

# SNAPSHOT: the address of a Debian snapshot archive. PACKAGES: what `make image-packages` wrote.
IMAGE_SNAPSHOT = $(if $(SNAPSHOT),--snapshot '$(SNAPSHOT)')
image: setup ## build the card's image (root)
	$(RUN) -m images.build image $(IMAGE_SNAPSHOT) $(if $(PACKAGES),--packages '$(PACKAGES)')

image-packages: $(STAMPS)/venv ## keep a release's Debian packages in one file
	@$(RUN) -m images.build keep-packages $(IMAGE_SNAPSHOT)

image-lock: $(STAMPS)/venv ## renew the lock of Debian's packages and print the difference
	@$(RUN) -m images.build lock

clean: ## remove what was built
	rm -rf build dist *.egg-info
