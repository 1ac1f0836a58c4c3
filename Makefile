# Commun Accord: what one does with it. `make` alone lists this.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
MANAGE := ENVIRONMENT=development $(PY) manage.py
READY := .venv/.ready
PIN := $(PY) -m uv pip compile --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" --quiet pyproject.toml
export PYTHONDONTWRITEBYTECODE :=
# One more test at once than there are cores, for many wait: for a worker, a lock, a browser.
export PYTEST_XDIST_AUTO_NUM_WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

help: ## List what can be done
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

$(READY): requirements.lock
	@bash .ci/environment

run: $(READY) ## Start everything, with the demo, and print the address; Ctrl-C ends it
	@$(PY) -m backend.stack run

stop: $(READY) ## End what `make run` started
	@$(PY) -m backend.stack stop

status: $(READY) ## Say what runs, and where
	@$(PY) -m backend.stack status

reset: $(READY) ## Erase all data of this folder (refuses while it runs)
	@$(PY) -m backend.stack reset

test: $(READY) ## Run every test on real servers of its own
	@bash .ci/tools
	@$(PY) -m pytest $(or $(ARGS),-q -n auto --maxprocesses=4 --dist=loadscope --no-loadscope-reorder)

check: $(READY) ## Lint, types, imports, migrations, translations, API schema
	@bash .ci/tools gettext
	@$(PY) -m backend.stack.checks

format: $(READY) ## Put the code in its one format
	@$(PY) -m ruff check --fix . && $(PY) -m ruff format .

openapi: $(READY) ## Write docs/openapi.yaml from the code
	@$(MANAGE) spectacular --lang en --validate --fail-on-warn --file docs/openapi.yaml

messages: $(READY) ## Gather what is to be translated into the catalogues
	@bash .ci/tools gettext
	@$(MANAGE) makemessages --locale=fr --no-location --no-obsolete --ignore=.venv --ignore=var

lock: $(READY) ## Pin every dependency, with its digests, for every system
	@$(PIN) --group embedded --group dev --output-file requirements.lock --upgrade
	@$(PIN) --constraint requirements.lock --no-annotate --output-file deploy/requirements.lock
	@bash .ci/environment

pictures: $(READY) ## Take the pictures of docs/pictures/
	@bash .ci/tools
	@$(PY) -m tests.browser.pictures

bench: $(READY) ## Measure against the targets; prints ratios
	@$(PY) -m tests.bench

.PHONY: help run stop status reset test check format openapi messages lock pictures bench
