# Two commands: `make run` works in a living city, `make test` proves it. Everything else is below them.
CITY ?= guangzhou
PORT ?= 8000
PY := .venv/bin/python
STAMP := .venv/.stamp-$(shell cat requirements/dev.txt requirements/dev.in pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
export PYTHONUTF8 = 1

.PHONY: run test test-long attack faults lint types bench bundle pictures reset assets messages setup clean

run: setup assets messages
	@LIANZHANG_DEBUG=1 LIANZHANG_CITY=$(CITY) LIANZHANG_HOME=$(CURDIR)/var/$(CITY) $(PY) -m lianzhang.cli up --city $(CITY) --port $(PORT)

test: setup assets messages
	@$(PY) tools/test.py

test-long: setup assets messages
	@$(PY) tools/test.py --long $(if $(PARTS),--parts $(PARTS))

attack: setup assets messages
	@$(PY) tools/trust.py attack

faults: setup assets messages
	@$(PY) tools/trust.py fault

lint: setup
	@$(PY) -m ruff check src tests benchmarks tools conftest.py && $(PY) -m ruff format --check -q src tests benchmarks tools conftest.py && .venv/bin/lint-imports

types: setup
	@$(PY) -m mypy src/lianzhang

bench: setup
	@for each in city esri imports registry; do $(PY) benchmarks/$$each.py || exit 1; done

bundle: setup assets messages
	@$(PY) tools/bundle.py

pictures: setup assets messages
	@$(PY) tools/pictures.py

reset:
	@rm -rf var/$(CITY) && echo "var/$(CITY) is gone; 'make run CITY=$(CITY)' draws it again"

assets: setup
	@$(PY) frontend/vendor.py

messages: setup
	@$(PY) tools/messages.py

setup: $(STAMP)

$(STAMP): requirements/dev.txt pyproject.toml
	@python3 tools/need.py
	@test -x $(PY) || python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check uv
	@VIRTUAL_ENV=$(CURDIR)/.venv .venv/bin/uv pip sync --quiet --require-hashes requirements/dev.txt
	@VIRTUAL_ENV=$(CURDIR)/.venv .venv/bin/uv pip install --quiet --no-deps -e .
	@rm -f .venv/.stamp-* && touch $(STAMP)

clean:
	rm -rf .venv var build dist
