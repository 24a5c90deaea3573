# Two commands do all the set-up: `make demo` to look at Archway, `make test` to check it.

PYTHON ?= python3
PORT ?= 8000
SANDBOX_PORT ?= 8765
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py

OPEN3D_LIBRARIES := libegl1 libgl1 libusb-1.0-0
BROWSER := chromium-headless-shell

.PHONY: help demo demo-data test lint unit browser node viewer bench pictures system-libraries lock words gettext
.DEFAULT_GOAL := help

help:
	@echo "make demo   set up and start a made-up clinic on http://127.0.0.1:$(PORT)/"
	@echo "make test   set up everything the tests need, then run all of them"
	@echo "make words  gather what people read, for translation"
	@echo "make viewer make the 3D viewer's script anew from scans/viewer/"
	@echo "make bench  compare the mesh core with its peers"

demo: demo-data
	@$(MANAGE) serve --port $(PORT) --with-sandbox $(SANDBOX_PORT)

demo-data: $(VENV)/runtime.stamp system-libraries
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@$(MANAGE) setup_archway
	@$(MANAGE) demo

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.stamp: requirements.lock | $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@ $(VENV)/runtime.stamp

# Open3D needs a few system libraries; nothing else does.
system-libraries:
	@$(BIN)/python -m config.system_packages "Open3D" "registering bites to arches is off" $(OPEN3D_LIBRARIES)

browser:
	@$(BIN)/python -m config.system_packages "a browser for the tests" "browser tests do not run" $(BROWSER)

# Khronos' validator of glTF files is a Node program.
node: $(VENV)/node.stamp

$(VENV)/node.stamp: tests/gltf/package-lock.json | $(VENV)/bin/python
	@command -v npm >/dev/null || $(BIN)/python -m config.system_packages "Khronos' glTF validator" "its tests fail" nodejs npm
	npm ci --prefix tests/gltf --silent --no-audit --no-fund
	@touch $@

# The viewer is committed ready-made; this makes it anew from scans/viewer/, and a test compares.
viewer: $(VENV)/viewer.stamp
	npm run --prefix scans/viewer --silent build

$(VENV)/viewer.stamp: scans/viewer/package-lock.json | $(VENV)/bin/python
	@command -v npm >/dev/null || $(BIN)/python -m config.system_packages "the viewer" "it cannot be made anew" nodejs npm
	npm ci --prefix scans/viewer --silent --no-audit --no-fund
	@touch $@

test: $(VENV)/dev.stamp system-libraries browser node gettext $(VENV)/viewer.stamp lint unit

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

# After a change of any word that people read: gather it, translate what is new in django.po, run it again.
words: gettext
	$(BIN)/python -m config.sentences
	$(MANAGE) makemessages --locale de
	$(MANAGE) compilemessages --locale de --ignore .venv

gettext:
	@$(BIN)/python -m config.system_packages "gathering words" "make words and its test do not run" gettext

# All tests on SQLite, then those that touch the database again on PostgreSQL, but for the browser, then one report.
unit:
	$(BIN)/coverage erase
	$(BIN)/pytest -n 2 --cov --cov-report=
	$(BIN)/python -m tests.on_postgresql -n 2 -m "(database or process) and not browser" --cov --cov-append --cov-report=
	@$(BIN)/coverage combine --quiet --append 2>/dev/null || echo "coverage: nothing left to combine"
	$(BIN)/coverage report --skip-covered

# Our one pass and the readers beside Open3D, trimesh, meshio and vtk: some minutes, on a machine that does nothing else.
bench: $(VENV)/lab.stamp system-libraries
	$(BIN)/python -m tests.benchmarks

$(VENV)/lab.stamp: requirements-lab.lock | $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-lab.lock
	@touch $@ $(VENV)/dev.stamp $(VENV)/runtime.stamp

# The README's pictures of the front desk, taken anew from the demo clinic.
pictures: $(VENV)/dev.stamp system-libraries browser
	$(BIN)/pytest -q tests/e2e/pictures.py

# After a change of pyproject.toml; needs uv. Extras stay named: older pips else take a newer release for `name[extra]`.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --extra dev --extra lab pyproject.toml -o requirements-lab.lock
