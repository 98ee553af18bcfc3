# Needs Python 3.11+, make and the package registries; everything goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Some machines forbid to write bytecode. The suite starts hundreds of processes, and each would compile
# everything that it imports.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: install demo test check quick lint types bench train fuzz lock clean

install: $(VENV)/.installed

UV := $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps

# uv reads the same lock with the same hashes as pip and is many times faster. It brings certificates
# of its own; behind a proxy that has others the machine's are right, so they are tried second.
# Every step says what it does before it starts: a first download can take minutes.
$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || { echo "[1/3] Creating a Python environment in $(VENV) …"; \
	    $(PYTHON) -m venv $(VENV); }
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	@echo "[2/3] Installing uv, which installs the rest …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/uv.lock
	@echo "[3/3] Installing $$(grep -c '^[a-z0-9].*==' requirements.lock) packages into $(VENV)" \
	    "(a minute or two when they have to be downloaded) …"
	@$(UV) --require-hashes -r requirements.lock 2> $(VENV)/uv.log \
	    || UV_SYSTEM_CERTS=1 $(UV) --require-hashes -r requirements.lock
	@$(UV) --no-build-isolation --editable .
	@touch $@

# Three on two cores: a third of the time a test waits for a server or a process. Files start in the order
# of tests/conftest.py, the long ones first.
PYTEST = $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

# Lines are counted where the interpreter does it itself, at next to no cost: from Python 3.12 on.
COVER = $$($(BIN)/python -c 'import sys; sys.version_info >= (3, 12) and print("--cov --cov-report=term:skip-covered")')

demo: install
	@$(BIN)/kvitto demo

test: install
	@$(PYTEST) $(PYTESTFLAGS)

check: lint quick

quick: install
	@$(PYTEST) -m "not external and not browser and not slow" -x $(COVER) $(PYTESTFLAGS)

lint: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.check_english
	@$(BIN)/deptry .

types: install
	@$(BIN)/mypy

bench: install
	@$(BIN)/python -m bench

train: $(VENV)/.train
	@$(BIN)/python -m bench.training

# scikit-learn serves training alone, so a plain install leaves it out.
$(VENV)/.train: $(VENV)/.installed requirements-train.lock
	@$(UV) --require-hashes -r requirements-train.lock 2> $(VENV)/uv.log \
	    || UV_SYSTEM_CERTS=1 $(UV) --require-hashes -r requirements-train.lock
	@touch $@

MINUTES ?= 5

fuzz: $(VENV)/.fuzz
	@$(BIN)/python -m bench.fuzz --target all --minutes $(MINUTES)

# Atheris is as large as the rest of the tests' tools, and the suite runs its findings without it.
$(VENV)/.fuzz: $(VENV)/.installed requirements-fuzz.lock
	@$(UV) --require-hashes -r requirements-fuzz.lock 2> $(VENV)/uv.log \
	    || UV_SYSTEM_CERTS=1 $(UV) --require-hashes -r requirements-fuzz.lock
	@touch $@

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-annotate --no-header --no-emit-index-url

# Names, versions and hashes, no address: the files that everything is installed by. The image takes
# requirements-run.lock, which has the same versions and leaves out what only tests need.
lock: install
	@$(LOCK) --extra dev pyproject.toml --output-file requirements.lock
	@$(LOCK) --constraints requirements.lock pyproject.toml --output-file requirements-run.lock
	@$(LOCK) --group train --constraints requirements.lock --output-file requirements-train.lock
	@$(LOCK) --group fuzz --constraints requirements.lock --output-file requirements-fuzz.lock

clean:
	rm -rf $(VENV) build *.egg-info
