# The only list of tasks; CI calls these targets and nothing else.
#
#   make book    build the book on the complete data, at _build/html
#   make test    all checks, with the versions of requirements.txt
#   make colab   notebooks and the core's tests, with Colab's versions
#   make help    the rest

PYTHON ?= python3
# This folder as one word of the shell, whatever is in its name.
ROOT := '$(subst ','\'',$(CURDIR))'
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

PACKAGE := $(shell find vae_utils -type f -not -path '*/__pycache__/*')
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
PICTURES := $(wildcard notebooks/images/*)
KERNEL := book/_ext/ipython/profile_default/ipython_kernel_config.py
PAGES := $(shell find book -type f -not -path '*/__pycache__/*' -not -path '*/ipython/*')
LINTED := vae_utils tests tools studies benchmarks book/_ext notebooks
TESTS := $(shell find tests -type f -not -path '*/__pycache__/*')
SITE_TESTS := $(wildcard tests/site/test_*.py)
# The core's tests run on both backends, and with Colab's versions.
CORE_TESTS := $(shell grep -rl --include='test_*.py' 'mark\.core' tests)
CORE := -m core $(CORE_TESTS)
# After JAX is imported Python warns of every test that forks.
JAX_TESTS := $(shell grep -rl --include='test_*.py' 'mark\.jax' tests)

SITE := _quick/site
EXECUTED := _quick/executed
CHECKED := _quick/checked
TOOLS := _quick/tools
AXE_VERSION := 4.14.1
AXE_SHA256 := 29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
AXE := $(TOOLS)/axe-$(AXE_VERSION).min.js
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

COLAB := _quick/colab
COLAB_VENV := .venv-colab
COLAB_BIN := $(COLAB_VENV)/bin
COLAB_INSTALLED := $(COLAB_VENV)/.installed
COLAB_WHEEL := $(COLAB)/.wheel
COLAB_EXECUTED := $(COLAB)/.executed
COLAB_TESTED := $(COLAB)/.tested

# Notebooks are executed two at a time, and their kernels share the cores: TensorFlow,
# then scikit-learn, then JAX.
WORKERS := 2
CORES := $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
THREADS := $(shell echo $$((($(CORES) + $(WORKERS) - 1) / $(WORKERS))))
SHARE := TF_NUM_INTRAOP_THREADS=$(THREADS) TF_NUM_INTEROP_THREADS=$(THREADS) \
	OMP_NUM_THREADS=$(THREADS) NPROC=$(THREADS)

# Kernels keep the greetings of C++ libraries off the pages (book/_ext/ipython).
PYTEST := $(BIN)/python -m pytest
PARALLEL := -n 2 --dist loadgroup
export IPYTHONDIR := $(CURDIR)/book/_ext/ipython
export TF_CPP_MIN_LOG_LEVEL := 3

# Folders that variables name begin here: notebooks run in another one.
absolute = $(if $(filter-out /% ~%,$(firstword $(1))),$(CURDIR)/)$(1)
override VAE_UTILS_DATA_DIR := $(call absolute,$(value VAE_UTILS_DATA_DIR))
override VAE_UTILS_CACHE_DIR := $(call absolute,$(value VAE_UTILS_CACHE_DIR))
export VAE_UTILS_DATA_DIR VAE_UTILS_CACHE_DIR

.PHONY: help book test test-tools colab environment check suites unit training cli \
	project jax notebooks choices site site-report links clean lock repository sample record \
	faults benchmark

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

book: $(INSTALLED) ## execute every notebook in full and build the strict HTML
	$(BIN)/jupyter-book build . -W -n --keep-going

test: check suites jax notebooks site ## all checks

colab: $(COLAB_EXECUTED) $(COLAB_TESTED) ## the same for notebooks and core, with Colab's versions

# GitHub's machines have Chrome and its driver; Debian's packages are the other way.
test-tools: $(INSTALLED) $(AXE) ## a browser (Chrome, or Debian's Chromium), and what tests accessibility
	@$(BIN)/python tools/find_browser.py || { $(SUDO) apt-get update && \
	$(SUDO) apt-get install -y --no-install-recommends chromium chromium-driver && \
	$(BIN)/python tools/find_browser.py; }

# Only the script is wanted. The hash tells whether it is the one that was tested with.
$(AXE):
	@command -v npm >/dev/null || { $(SUDO) apt-get update && \
	$(SUDO) apt-get install -y --no-install-recommends npm; }
	@mkdir -p $(TOOLS)
	cd $(TOOLS) && npm pack --silent axe-core@$(AXE_VERSION) >/dev/null
	tar -xzOf $(TOOLS)/axe-core-$(AXE_VERSION).tgz package/axe.min.js >$@.part
	echo "$(AXE_SHA256)  $@.part" | sha256sum -c --quiet -
	@mv $@.part $@ && rm $(TOOLS)/axe-core-$(AXE_VERSION).tgz

environment: $(INSTALLED) ## create .venv and install requirements.txt

$(INSTALLED): requirements.txt constraints.txt pyproject.toml tools/make_environment.py
	$(call make_environment,$(VENV),requirements.txt)
	@touch $@

define make_environment
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here: install \
	Python 3.11, 3.12 or 3.13, or name one, 'make PYTHON=python3.12 ...'."; exit 1; }
	@$(PYTHON) tools/make_environment.py $(1) $(2)
endef

check: $(INSTALLED) ## style, imports, stored notebooks
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/lint-imports
	$(BIN)/nbstripout --verify --keep-id --extra-keys metadata.language_info $(NOTEBOOKS)

# In one go: TensorFlow is imported once by each process, and none waits for the others.
suites: $(INSTALLED) ## unit, training, cli and project
	$(PYTEST) $(PARALLEL) tests --ignore tests/site

unit: $(INSTALLED) ## tests of single modules, which train nothing
	$(PYTEST) $(PARALLEL) tests/unit

training: $(INSTALLED) ## tests that train small models
	$(PYTEST) $(PARALLEL) tests/training

cli: $(INSTALLED) ## tests of the command line and of runs
	$(PYTEST) $(PARALLEL) tests/cli

project: $(INSTALLED) ## tests of notebooks, pages and the project's own files
	$(PYTEST) $(PARALLEL) tests/book --ignore tests/site

jax: $(INSTALLED) ## the core's tests once more, on the JAX backend
	KERAS_BACKEND=jax $(PYTEST) $(PARALLEL) -m "core or jax" $(CORE_TESTS) $(JAX_TESTS)

notebooks: $(EXECUTED) ## every notebook once, in the quick profile, on copies

$(EXECUTED): $(INSTALLED) $(NOTEBOOKS) $(PACKAGE) $(KERNEL) tools/copy_book.py
	$(BIN)/python tools/copy_book.py $(SITE)
	$(call execute,$(BIN),$(SITE))
	@touch $@

# Executes the copies in a folder, with that folder as the working directory.
define execute
	cd $(2) && $(SHARE) VAE_BOOK_PROFILE=quick $(ROOT)/$(1)/python -m pytest \
		-c /dev/null --rootdir . -p no:cacheprovider -n $(WORKERS) --maxschedchunk 1 \
		--nbmake --overwrite --nbmake-timeout=600 -v --durations=0 notebooks
endef

choices: $(INSTALLED) ## chapters with other settings, in the quick profile (ten minutes)
	$(BIN)/python tools/run_choices.py --workers $(WORKERS)

$(COLAB_INSTALLED): requirements-colab.txt tools/make_environment.py
	$(call make_environment,$(COLAB_VENV),requirements-colab.txt)
	@touch $@

# A fresh copy: a build in place would keep files that are no longer in the source. The
# last line is the notebooks' own, but for the address.
$(COLAB_WHEEL): $(COLAB_INSTALLED) $(PACKAGE) pyproject.toml README.md LICENSE
	rm -rf $(COLAB)/source $(COLAB)/wheel
	mkdir -p $(COLAB)/source
	cp -r vae_utils pyproject.toml README.md LICENSE $(COLAB)/source
	$(COLAB_BIN)/python -m pip wheel -q --no-deps -w $(COLAB)/wheel ./$(COLAB)/source
	$(COLAB_BIN)/python -m pip install -q --no-deps --force-reinstall ./$(COLAB)/wheel/*.whl
	@touch $@

# The source is not importable from the copies' folder: the wheel is what is tested.
$(COLAB_EXECUTED): $(COLAB_WHEEL) $(NOTEBOOKS) $(KERNEL) tools/copy_book.py
	$(COLAB_BIN)/python tools/copy_book.py $(COLAB)/site
	$(call execute,$(COLAB_BIN),$(COLAB)/site)
	@touch $@

$(COLAB_TESTED): $(COLAB_WHEEL) $(TESTS) tools/copy_book.py
	$(COLAB_BIN)/python tools/copy_book.py $(COLAB)/tests --tests
	cd $(COLAB)/tests && $(ROOT)/$(COLAB_BIN)/python -m pytest -n 2 $(CORE)
	@touch $@

site: $(CHECKED) ## strict site from the executed copies, and its checks

$(CHECKED): $(EXECUTED) $(PAGES) $(PICTURES) _config.yml _toc.yml \
		$(SITE_TESTS) tests/conftest.py tests/site/conftest.py $(wildcard $(AXE))
	$(BIN)/python tools/copy_book.py $(SITE) --keep-notebooks
	rm -rf $(SITE)/_build
	cd $(SITE) && VAE_BOOK_PROFILE=quick $(ROOT)/$(BIN)/jupyter-book build . -W -n --keep-going
	$(PYTEST) $(PARALLEL) $(SITE_TESTS)
	@touch $@

# A site named on the command line may lie anywhere, and is only read.
ifeq ($(origin SITE),command line)
REPORTED := $(SITE)
site-report: $(INSTALLED)
else
REPORTED := $(SITE)/_build/html
site-report: $(if $(wildcard $(REPORTED)/index.html),$(INSTALLED),$(CHECKED))
endif
site-report: ## bytes and seconds until pages can be used (SITE=folder of another site)
	$(BIN)/python tools/site_report.py '$(REPORTED)'

links: $(INSTALLED) ## check external links (needs the web)
	$(BIN)/jupyter-book build . --builder linkcheck

# Plain Python: a fork needs no environment for this.
repository: ## carry the public address (URL=..., or git's origin; SITE_URL=...) into the book
	@$(PYTHON) tools/set_repository.py $(URL) $(SITE_URL:%=--site %)

record: $(INSTALLED) ## train again what chapters show as recorded runs
	$(BIN)/python -m studies.record_runs

# Other inputs and moments each time; SEED=... repeats those that a failure names.
faults: $(INSTALLED) ## thousands of inputs, 100 kills, failing disks, damaged files
	FAULTS=long $(PYTEST) $(PARALLEL) tests/faults $(SEED:%=--hypothesis-seed=%)

benchmark: $(INSTALLED) ## speed side by side; TORCH=PYTHON adds a PyTorch loop
	$(BIN)/python -m benchmarks.training_speed $(TORCH:%=--torch-python %)
	$(BIN)/python -m benchmarks.conv_speed
	$(BIN)/python -m benchmarks.evaluation_speed
	$(BIN)/python -m benchmarks.pictures_speed

sample: $(INSTALLED) ## make the bundled sample again, from the complete data
	$(BIN)/python tools/make_sample.py

lock: $(INSTALLED) ## write the versions installed in .venv to constraints.txt
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

clean: ## remove everything that make made
	rm -rf _build _quick $(VENV) $(COLAB_VENV) vae_utils.egg-info .pytest_cache .ruff_cache .import_linter_cache
	find book/_ext/ipython -mindepth 1 -not -path '*profile_default' -not -name ipython_kernel_config.py -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
