# Every target sets up what it needs: a virtual environment in .venv, through uv when it is there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test test-long test-faults test-oldest test-pytorch test-contract differences check generate serve bench bench-quick wheel format clean

help:  ## Show the targets
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 18

$(STAMP): pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	    uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
	    uv pip install --quiet --python $(BIN)/python -e '.[dev]'; \
	else \
	    $(PYTHON) -m venv $(VENV) && \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	fi
	@touch $(STAMP)

demo: $(STAMP)  ## Local images to an exported dataset, on a server of its own; see demo-output/
	@$(BIN)/python examples/quickstart.py

test: $(STAMP)  ## Run all tests
	@$(BIN)/python -m pytest -n auto

test-long: $(STAMP)  ## Run the long forms of the crash, fuzz and fault tests, which `make test` has in short
	@$(BIN)/python -m pytest -n auto -m long

test-faults: $(STAMP)  ## Print what becomes of every kind of call when it meets every kind of fault
	@$(BIN)/python -m tests.faults

test-oldest: $(STAMP)  ## Run the tests of the client on the oldest dependencies that it allows
	@$(BIN)/python tests/oldest.py

test-pytorch:  ## Run the tests of cvat_sdk.pytorch with real torch and torchvision, several GB
	@test -e .pytorch/complete || { $(PYTHON) -m venv .pytorch && .pytorch/bin/python -m pip install \
	    --quiet --disable-pip-version-check -e '.[local,pytorch]' pytest && touch .pytorch/complete; }
	@.pytorch/bin/python -m pytest tests/pytorch

test-contract: $(STAMP)  ## Compare with the published package, case by case
	@PYTHONPATH=tests/contract $(BIN)/python -m differential

differences: $(STAMP)  ## Write docs/differences.md from tests/contract/differences.toml
	@PYTHONPATH=tests/contract $(BIN)/python -m differential --write-document

check: $(STAMP)  ## Format, lint, types, imports, and drift of the generated code
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/python -m cvat_codegen check
	@# It looks for the package where the first `python` of the path finds it.
	@# Classes of torch are of no known type where it is not installed.
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/basedpyright --verifytypes cvat_sdk --ignoreexternal \
	    > $(VENV)/verifytypes.txt || awk '/^cvat_sdk/ {name = $$0} \
	    /error:/ && name !~ /^cvat_sdk.pytorch.*Dataset$$/ {print name; print; bad = 1} END {exit bad}' \
	    $(VENV)/verifytypes.txt

generate: $(STAMP)  ## Write the generated part of cvat_sdk.api_client from spec/openapi.yaml
	@$(BIN)/python -m cvat_codegen generate

serve: $(STAMP)  ## Run the local server on http://127.0.0.1:8080 with its data in cvat-data/
	@$(BIN)/cvat-local serve --data-dir cvat-data

bench: $(STAMP)  ## Measure against the published package, orjson, urllib3 and curl; takes about ten minutes
	@$(BIN)/python -m benchmarks $(BENCH)

bench-quick: $(STAMP)  ## A rough answer in about a minute: ratios to orjson and urllib3
	@$(BIN)/python -m benchmarks --quick

wheel: $(STAMP)  ## Build a wheel of this package in dist/
	@if command -v uv >/dev/null 2>&1; then \
	    uv build --quiet --wheel --out-dir dist .; \
	else \
	    $(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .; \
	fi
	@ls dist/*.whl

format: $(STAMP)  ## Format and fix what can be fixed
	@$(BIN)/python -m ruff format .
	@$(BIN)/python -m ruff check --fix .

clean:  ## Remove what the targets made, but not cvat-data/
	@rm -rf $(VENV) .oldest .published .pytorch demo-output build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
