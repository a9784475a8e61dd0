# Two commands do everything: `make run` and `make test`.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
STAMP := $(VENV)/.installed-

.PHONY: run test bench lint clean

run: $(STAMP)run
	@WAYMARK_DEMO=$${WAYMARK_DEMO-1} exec $(BIN)/waymark serve

test: $(STAMP)test
	@sh scripts/browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

bench: $(STAMP)test
	$(BIN)/python -m benchmarks

$(STAMP)run: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(STAMP)test: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev,train]"
	@touch $(STAMP)run $@

clean:
	rm -rf $(VENV) var build *.egg-info
