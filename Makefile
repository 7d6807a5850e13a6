PY   ?= python3
BIN  := .venv/bin
LOCK := requirements.lock
MARK := .venv/.made-from-$(shell cksum $(LOCK) | cut -d' ' -f1)

.PHONY: run test lint lock golden oracles screenshots bench keys smoke
run: $(MARK)
	$(BIN)/python main.py $(ARGS)

test: $(MARK)
	@! grep -n '://' $(LOCK)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: $(MARK)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

# The rest is for maintainers: `lock` needs uv, `golden` and `oracles` the oracles group.
lock:
	uv pip compile pyproject.toml --extra fast --group test --universal --generate-hashes --no-header --no-annotate -o $(LOCK)

golden:
	$(PY) -m tests.oracles.freeze

# With numpy, scipy and whichever libraries are to be asked: their matrices, and the calls that we print, executed.
oracles:
	$(PY) -W ignore -m tests.oracles.probes
	$(PY) -W ignore -m tests.oracles.codes

# Our engines beside other libraries: PY is a Python with the oracles group and the extra `fast`.
smoke: $(MARK)
	$(BIN)/python -m tests.smoke $(ARGS)

keys:
	$(BIN)/python -m workbench.ui.keymap > docs/keys.md

bench:
	$(PY) -m tests.benchmarks $(ARGS)
	$(BIN)/python -m tests.benchmarks.window

$(MARK): $(LOCK)
	$(PY) -m venv --clear .venv >/dev/null 2>&1 || $(PY) -m venv --clear --without-pip .venv
	if test -x $(BIN)/pip; then pip="$(BIN)/python -m pip"; else pip="$(PY) -m pip --python $(BIN)/python"; fi; \
	$$pip install --quiet --require-hashes -r $(LOCK)
	touch $@
