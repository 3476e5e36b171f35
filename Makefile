# Everything a person needs is `make run` and `make test`; both set themselves up with nothing but
# python3 (3.11 or newer, with pip and venv) and make.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test soak check audit bench programs clean

PYTHON ?= python3
INBOX ?= samples/inbox
WORKERS ?= 2
UV_VERSION := 0.13.9
UV := .venv-bootstrap/bin/uv

export UV_COMPILE_BYTECODE := 1# or the first import of Prefect outlasts its server's time to start
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.developer ## Everything a contributor needs, in .venv
	.venv/bin/pre-commit install

# Exit code 3 says: done, but findings are open, and the report is stamped as a draft. The report
# is there and its path stands on the last line, so `make run` has done what it promised.
run: .venv/.user ## Read samples/inbox (or INBOX=...), write the report and say where it is
	@.venv/bin/hopnhat run "$(INBOX)" || [ $$? -eq 3 ]

test: .venv/.developer ## All tests but the long ones, with their set-up
	@set -e; choice='not soak'; \
	sh .ci/programs || { [ "$$CI" != true ] || exit 1; choice='not soak and not programs'; }; \
	.venv/bin/pytest -n $(WORKERS) --dist worksteal -m "$$choice"

soak: .venv/.developer ## The long tests: kills, servers, schedules
	@sh .ci/programs || [ "$$CI" != true ]
	.venv/bin/pytest -m soak

check: .venv/.developer ## Lint, format, types and catalogue; changes nothing
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/python -m catalog.check

audit: $(UV) ## Look the dependencies up among known vulnerabilities; says so where it could not
	@UV=$(UV) sh .ci/audit

bench: .venv/.developer ## Measure what docs and README state about speed
	.venv/bin/python -m benchmarks.run
	.venv/bin/python -m benchmarks.extraction --quick
	.venv/bin/python -m benchmarks.warehouse --communes 300

programs: ## LibreOffice, tesseract, poppler and fonts, by apt-get where that is allowed
	sh .ci/programs

clean: ## Delete the environments and what tools cached, never data/
	rm -rf .venv .venv-bootstrap .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "hopnhat needs Python 3.11 or newer, this is " + sys.version.split()[0] + ": set PYTHON=")'
	$(PYTHON) -m venv .venv-bootstrap
	.venv-bootstrap/bin/python -m pip install --quiet "uv==$(UV_VERSION)"

.venv/.user: $(UV) pyproject.toml uv.lock
	$(UV) sync --quiet --locked --no-dev --inexact --python "$$(command -v $(PYTHON))"
	@touch $@

.venv/.developer: $(UV) pyproject.toml uv.lock
	$(UV) sync --quiet --locked --python "$$(command -v $(PYTHON))"
	@touch $@ .venv/.user
