# make lab [PORT=8888] [PYTHON=python3.12]   set up once, make your copy, open JupyterLab
#          [LIGHT=1]                         without Keras and TensorFlow: chapters 00 to 10
# make test                                  set up once, then everything that must hold
# make test-all                              the same with PyTorch, and the long tests
# make book                                  the course as pages that move, in build/book
# make slides [PDF=1]                        a deck for each chapter, in build/slides
# make release                               build and check what is published; says what you type then
# make wheelhouse [DIR=wheelhouse] [FOR="--python 3.12 --platform windows --light"]
#                                            every wheel in one folder, for a room without a network
GOOD := import sys; sys.exit(sys.version_info < (3, 11))
PYTHONS := python3 python3.13 python3.12 python3.11 python3.14 python
PYTHON ?= $(shell for p in $(PYTHONS); do \
	"$$p" -c "$(GOOD)" 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
# A process for each core, each with whole files of tests; four at most, as each may hold a TensorFlow.
TESTS := $(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e

.PHONY: lab test test-all build book slides wheelhouse release clean

lab: .venv/$(if $(filter-out 0 no,$(LIGHT)),light,lab)
	@$(BIN)/course start my-course
	@$(BIN)/course lab my-course $(if $(PORT),--port $(PORT))

test: .venv/test
	@$(BIN)/python -m tests.before test
	@$(TESTS) -m "not long"

test-all: .venv/backends
	@$(BIN)/python -m tests.before test-all
	@COURSE_TESTS=all $(TESTS)

build: .venv/test
	@$(BIN)/python -m course.publish.notebooks
	@$(BIN)/python -m course.bench.picture

release: .venv/dev
	@$(BIN)/python -m course.publish.release

wheelhouse: .venv/wheelhouse
	@$(BIN)/course wheelhouse $(or $(DIR),wheelhouse) $(FOR)

book: .venv/book
	@$(BIN)/python -m course.publish.book --out build/book

slides: .venv/book
	@$(BIN)/python -m course.publish.book.slides --out build/slides $(if $(PDF),--pdf)

.venv/made:
	@test -n "$(PYTHON)" || { echo "This course needs Python 3.11 or newer, and found none." \
	"Install one, then run make again, with PYTHON=/its/path if it is not called python3." >&2; \
	for p in $(PYTHONS); do said=$$("$$p" -c "$(GOOD)" 2>&1) || ! command -v "$$p" >/dev/null || \
	test -z "$$said" || echo "$$p says: $$said" >&2; done; exit 2; }
	@said=$$("$(PYTHON)" -c "$(GOOD)" 2>&1) || { echo "This course needs Python 3.11 or newer;" \
	"$(PYTHON) is not one. Choose another with PYTHON=/its/path." >&2; \
	test -z "$$said" || echo "$(PYTHON) says: $$said" >&2; exit 2; }
	@"$(PYTHON)" -m venv --clear .venv || { rm -rf .venv; echo "$(PYTHON) could not make the virtual" \
	"environment .venv; on Debian or Ubuntu install python3-venv, then run make again." >&2; exit 2; }
	@touch $@

.venv/lab: .venv/made pyproject.toml constraints.txt
	@echo "Installing the course into .venv (once, a few minutes) ..."
	@$(BIN)/python -m course.learner.install
	@touch $@ .venv/light

.venv/light: .venv/made pyproject.toml constraints.txt
	@echo "Installing the course without Keras and TensorFlow into .venv (once, a minute or two) ..."
	@$(BIN)/python -m course.learner.install --light
	@touch $@

.venv/wheelhouse: .venv/made pyproject.toml constraints.txt
	@echo "Installing the course and uv into .venv (once) ..."
	@$(INSTALL) ".[wheelhouse]"
	@touch $@

.venv/book: .venv/made pyproject.toml constraints.txt
	@echo "Installing the course and what makes its pages into .venv (once, a few minutes) ..."
	@$(INSTALL) ".[book]"
	@touch $@ .venv/lab .venv/light

.venv/test: .venv/made pyproject.toml constraints.txt
	@echo "Installing the course and its tests into .venv (once, a few minutes) ..."
	@$(INSTALL) ".[test]"
	@touch $@ .venv/lab .venv/light .venv/book

.venv/backends: .venv/test
	@echo "Installing PyTorch and optax into .venv (once, some minutes) ..."
	@$(INSTALL) ".[test,backends]"
	@touch $@

.venv/dev: .venv/made pyproject.toml constraints.txt
	@echo "Installing the course and what builds it into .venv (once, a few minutes) ..."
	@$(INSTALL) ".[dev]"
	@touch $@

clean:
	rm -rf .venv build dist
