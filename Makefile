# `make run` and `make test` do all their own set-up; each step is skipped when it is up to date.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STAMPS := build/.stamps
VISIT_SIZE ?= 800x480
SEEDS ?= 1000

.PHONY: setup run test soak sim lint bench pictures lock image image-packages image-lock image-test clean

setup: $(STAMPS)/apt $(STAMPS)/venv $(STAMPS)/npm $(STAMPS)/board tiles clips phone desk

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

run: setup
	@VISIT_SIZE=$(VISIT_SIZE) bash .ci/run-village.sh

test: setup
	$(RUN) -m pytest -m "not soak and not image"

soak: setup
	$(RUN) -m pytest -m soak

image-test: image
	$(RUN) -m pytest -m image tests/images

sim: setup
	$(RUN) -m tests.sim.run --seeds $(SEEDS)

lint: setup
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

bench: setup
	$(RUN) -m tests.bench

pictures: setup
	$(RUN) -m tests.pictures

lock: $(STAMPS)/venv
	$(RUN) -m pip install --quiet pip-tools
	for name in requirements requirements-dev; do \
	  $(VENV)/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	    -o $$name.txt $$name.in; done

# SNAPSHOT: the address of a Debian snapshot archive. PACKAGES: what `make image-packages` wrote.
IMAGE_SNAPSHOT = $(if $(SNAPSHOT),--snapshot '$(SNAPSHOT)')
image: setup
	$(RUN) -m images.build image $(IMAGE_SNAPSHOT) $(if $(PACKAGES),--packages '$(PACKAGES)')

image-packages: $(STAMPS)/venv
	@$(RUN) -m images.build keep-packages $(IMAGE_SNAPSHOT)

image-lock: $(STAMPS)/venv
	@$(RUN) -m images.build lock

clean:
	rm -rf build dist *.egg-info
