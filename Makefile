# The only list of tasks; CI calls these targets and nothing else.
#
#   make book    build the book on the complete data, at _build/html
#   make test    everything CI runs
#   make help    the rest

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

PACKAGE := $(shell find vae_utils -type f -not -path '*/__pycache__/*')
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
KERNEL := book/_ext/ipython/profile_default/ipython_kernel_config.py
PAGES := $(shell find book -type f -not -path '*/__pycache__/*' -not -path '*/ipython/*')
LINTED := vae_utils tests tools benchmarks book/_ext notebooks

SITE := _quick/site
EXECUTED := _quick/executed
CHECKED := _quick/checked
TOOLS := _quick/tools
AXE := $(TOOLS)/axe_playwright_python/axe.min.js
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# Kernels keep the greetings of C++ libraries off the pages (book/_ext/ipython).
PYTEST := $(BIN)/python -m pytest
export IPYTHONDIR := $(CURDIR)/book/_ext/ipython
export TF_CPP_MIN_LOG_LEVEL := 3

.PHONY: help book test test-tools environment check unit jax notebooks site links clean lock \
	repository sample record benchmark

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

book: $(INSTALLED) ## execute every notebook in full and build the strict HTML
	$(BIN)/jupyter-book build . -W -n --keep-going

test: check unit jax notebooks site ## all that CI runs

test-tools: $(AXE) ## a browser, and what tests accessibility in it (Debian, Ubuntu)
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || { $(SUDO) apt-get update && \
	$(SUDO) apt-get install -y --no-install-recommends chromium chromium-driver; }

# Only the script that the package brings is wanted, not what it would drive.
$(AXE): $(INSTALLED)
	$(BIN)/python -m pip install -q --no-deps --target $(TOOLS) axe-playwright-python==0.1.8
	@touch $@

environment: $(INSTALLED) ## create .venv and install requirements.txt

$(INSTALLED): requirements.txt constraints.txt pyproject.toml tools/make_environment.py
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here: install \
	Python 3.11, 3.12 or 3.13, or name one, 'make PYTHON=python3.12 ...'."; exit 1; }
	@$(PYTHON) tools/make_environment.py $(VENV)
	@touch $@

check: $(INSTALLED) ## style, imports, stored notebooks
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/lint-imports
	$(BIN)/nbstripout --verify --keep-id --extra-keys metadata.language_info $(NOTEBOOKS)

unit: $(INSTALLED) ## unit tests, on the TensorFlow backend
	$(PYTEST) -n 2 --dist loadfile --ignore tests/test_site.py --ignore tests/test_browser.py

jax: $(INSTALLED) ## the core's tests once more, on the JAX backend
	KERAS_BACKEND=jax $(PYTEST) tests/test_objectives.py tests/test_likelihoods.py \
		tests/test_networks.py tests/test_conv_networks.py tests/test_conditional.py \
		tests/test_architectures.py tests/test_models.py tests/test_pipeline.py \
		tests/test_latent.py tests/test_evaluation.py tests/test_protocol.py \
		tests/test_checkpoints.py -n 2

notebooks: $(EXECUTED) ## every notebook once, in the quick profile, on copies

$(EXECUTED): $(INSTALLED) $(NOTEBOOKS) $(PACKAGE) $(KERNEL) tools/copy_book.py
	$(BIN)/python tools/copy_book.py $(SITE)
	VAE_BOOK_PROFILE=quick $(PYTEST) -c /dev/null --rootdir $(SITE) -p no:cacheprovider \
		--nbmake --overwrite --nbmake-timeout=600 -v --durations=0 $(SITE)/notebooks
	@touch $@

site: $(CHECKED) ## strict site from the executed copies, and its checks

$(CHECKED): $(EXECUTED) $(PAGES) _config.yml _toc.yml \
		tests/test_site.py tests/test_browser.py tests/conftest.py $(wildcard $(AXE))
	$(BIN)/python tools/copy_book.py $(SITE) --keep-notebooks
	rm -rf $(SITE)/_build
	cd $(SITE) && VAE_BOOK_PROFILE=quick $(CURDIR)/$(BIN)/jupyter-book build . -W -n --keep-going
	$(PYTEST) tests/test_site.py tests/test_browser.py
	@touch $@

links: $(INSTALLED) ## check external links (needs the web)
	$(BIN)/jupyter-book build . --builder linkcheck

repository: $(INSTALLED) ## carry the public address (URL=..., or git's origin) into the book
	$(BIN)/python tools/set_repository.py $(URL)

record: $(INSTALLED) ## train again what chapters show as recorded runs
	$(BIN)/python benchmarks/record_runs.py

benchmark: $(INSTALLED) ## training speed beside plain Keras and the usual networks
	$(BIN)/python benchmarks/training_speed.py
	$(BIN)/python benchmarks/conv_speed.py

sample: $(INSTALLED) ## make the bundled sample again, from the complete data
	$(BIN)/python tools/make_sample.py

lock: $(INSTALLED) ## write the versions installed in .venv to constraints.txt
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

clean: ## remove everything that make made
	rm -rf _build _quick $(VENV) vae_utils.egg-info .pytest_cache .ruff_cache .import_linter_cache
	find book/_ext/ipython -mindepth 1 -not -path '*profile_default' -not -name ipython_kernel_config.py -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
