# smartIDENT: `make run` and `make story` need Python 3.11+ and nothing else. CI calls only these targets.
SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV ?= .venv
BUILD_VENV ?= .venv-build
WHEELS ?= .cache/wheels
ENV ?= dev
ARGS ?=
# With no AWS account at hand the tools still want to know a region.
export AWS_DEFAULT_REGION ?= eu-central-1
export SAM_CLI_TELEMETRY := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The newest Python that runs makes the environment; PYTHON=/path/to/python chooses another.
PYTHON ?= $(shell tools/find-python 3.13 3.12 3.11 3)
# SAM builds for Lambda's Python and wants that very version.
LAMBDA_PYTHON ?= $(shell tools/find-python 3.13)

# privacyIDEA's own.
PEER_PYTHON ?= $(shell tools/find-python 3.12)

ready := $(VENV)/.ready
build_ready := $(BUILD_VENV)/.ready
wheels_ready := $(WHEELS)/.ready

.PHONY: help run smartident story test hostile laptop browser contract fuzz conditions mutants formal lint audit types screenshots format validate build reproducible rehearse bench bench-cold bench-cost bench-peer bench-scale sam-local deploy events locks clean

help: ## What there is to make
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 14

run: $(ready) ## The whole service on this laptop (ARGS="--help" shows its options)
	@exec $(VENV)/bin/python -m smartident_laptop $(ARGS)

smartident: $(ready) ## The smartident command, as .venv/bin/smartident
	@$(VENV)/bin/smartident --help >/dev/null && echo "$(VENV)/bin/smartident"

story: $(ready) ## The eight steps, played over real HTTP and WebSocket (ARGS="--help")
	@$(VENV)/bin/smartident story $(ARGS)

# These take their time and have targets of their own; everything else is `make test`.
HOSTILE := tests/faults tests/fuzz tests/properties
ELSEWHERE := tests/audit tests/browser tests/contract tests/laptop $(HOSTILE)

test: $(ready) ## The tests, with branch coverage of functions/; hostile, laptop, browser and contract stand beside it
	$(VENV)/bin/python -m pytest -n auto --dist worksteal $(ELSEWHERE:%=--ignore %) \
		--cov --cov-report=term --cov-fail-under=100 $(ARGS)

hostile: $(ready) ## Crashes at every point, spoiled requests, random interleavings of everybody
	$(VENV)/bin/python -m pytest -n auto $(HOSTILE) $(ARGS)

laptop: $(ready) ## The stack of `make run`: its gateway, its people, its manners
	$(VENV)/bin/python -m pytest -n 2 tests/laptop $(ARGS)

browser: $(ready) ## The pages, walked in a real Chromium with two windows (wants chromium)
	$(VENV)/bin/python -m pytest -n 2 tests/browser $(ARGS)

contract: $(ready) ## docs/api against the running stack: Schemathesis and the answers of a whole story
	$(VENV)/bin/python -m pytest -n 2 tests/contract $(ARGS)

fuzz: $(ready) ## 10,000 spoiled requests and long random interleavings of everybody (FUZZ_INPUTS, PROPERTY_RUNS)
	FUZZ_INPUTS=$${FUZZ_INPUTS:-10000} PROPERTY_RUNS=$${PROPERTY_RUNS:-150} \
		$(VENV)/bin/python -m pytest -n auto tests/fuzz tests/properties $(ARGS)

formal: ## Both models over their whole state space, and every twin that must fail (wants spin and gcc)
	formal/check

conditions: $(ready) ## Take each condition out of the conditional writes: some test must then fail (minutes)
	$(VENV)/bin/python -m labs.mutation.conditions $(ARGS)

mutants: .venv-mutation/.ready ## Change functions/ in one place at a time: some test must then fail (an hour; ARGS="guards limits")
	.venv-mutation/bin/python -m labs.mutation $(ARGS)

lint: $(ready) ## ruff, its formatter and mypy, all strict
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/python -m tools.events --check

audit: .venv-audit/.ready build ## bandit, the bill of materials, and what is known against any package (ARGS=--required: nothing may be skipped)
	.venv-audit/bin/bandit -q -c pyproject.toml -r functions smartident_cli smartident_client smartident_laptop labs/rehearsal
	.venv-audit/bin/python -m pytest --confcutdir tests/audit tests/audit
	.venv-audit/bin/python tools/audit.py $(ARGS)

types: node_modules/.package-lock.json ## The types of web/, by TypeScript's checker (wants npm; nothing of it is shipped)
	npm run --silent types

screenshots: $(ready) ## docs/images/ anew: every view of the pages, from the running product
	$(VENV)/bin/python -m tests.browser.screenshots $(ARGS)

format: $(ready) ## Lay the code out and sort its imports
	$(VENV)/bin/ruff check --fix-only --exit-zero --quiet .
	$(VENV)/bin/ruff format .

validate: $(build_ready) ## Both lints of template.yaml: as SAM and as the CloudFormation it becomes
	$(BUILD_VENV)/bin/sam validate --lint --template template.yaml
	@mkdir -p .cache/out
	$(BUILD_VENV)/bin/python tools/translate.py template.yaml > .cache/out/template.json
	$(BUILD_VENV)/bin/cfn-lint --regions $(AWS_DEFAULT_REGION) --template .cache/out/template.json

# SAM takes no index: offline once the wheels are there.
sam_build := PATH="$(CURDIR)/$(BUILD_VENV)/bin:$$PATH" PIP_NO_INDEX=1 PIP_FIND_LINKS="$(CURDIR)/$(WHEELS)" \
	sam build --template template.yaml
# What is in the artifact, told beside it and not inside: Lambda reads it never.
SBOM := .cache/out/sbom.json
# The same artifact for this machine, where Lambda's arm64 cannot run.
HERE := .aws-sam/here

build: $(build_ready) $(wheels_ready) ## The artifact for Lambda (arm64), with its bytecode and its bill of materials; offline once the wheels are there
	$(sam_build)
	$(BUILD_VENV)/bin/python tools/package.py .aws-sam/build
	@$(BUILD_VENV)/bin/python -m tools.sbom .aws-sam/build $(WHEELS) functions/requirements.txt $(SBOM)

reproducible: build ## Build again elsewhere and demand the same bytes
	$(sam_build) --build-dir .aws-sam/again
	$(BUILD_VENV)/bin/python tools/package.py .aws-sam/again
	$(BUILD_VENV)/bin/python tools/compare.py .aws-sam/build .aws-sam/again
	@$(BUILD_VENV)/bin/python -m tools.sbom .aws-sam/again $(WHEELS) functions/requirements.txt .cache/out/again.json
	cmp $(SBOM) .cache/out/again.json

# A rehearsed deployment and the next one, by names that no digest has; SAM looks at the first ten digits.
RELEASES := $(shell printf '%064d' 0 | tr 0 1) $(shell printf '%064d' 0 | tr 0 2)

rehearse: $(ready) .venv-rehearse/.ready $(HERE)/.ready ## The built artifact and the real template on a stand-in for the cloud
	@for release in $(RELEASES); do \
		$(BUILD_VENV)/bin/python tools/translate.py $(HERE)/template.yaml $$release > $(HERE)/$$release.json || exit 1; \
	done
	@$(VENV)/bin/python -m labs.rehearsal --python .venv-rehearse/bin/python --artifacts $(HERE) --releases $(RELEASES) $(ARGS)

sam-local: $(ready) $(HERE)/.ready ## What sam local invoke needs against the running laptop stack (PORT=8080); wants Docker
	@$(VENV)/bin/python -m tools.sam_local $(HERE)/template.yaml $(PORT)

bench: $(ready) ## Work, database, waiting and throughput of a login, measured: docs/performance.md (ARGS="--quick" to try it)
	@$(VENV)/bin/python -m bench $(ARGS)

bench-cold: $(ready) $(HERE)/.ready .cache/bench/.ready ## The cold start of each function beside an empty one and the usual way
	@$(VENV)/bin/python -m bench.cold --artifacts $(HERE) --usual .cache/bench/usual --python .venv-bench/bin/python \
		--emulators $$(echo $(BUILD_VENV)/lib/python3.*/site-packages/samcli/local/rapid) $(ARGS)

bench-cost: $(ready) ## What a login, an enrolment and a month cost: docs/cost.md (ARGS="--logins-per-day 50000" prints your own)
	@$(VENV)/bin/python -m bench.cost $(ARGS)

bench-peer: $(ready) .venv-peer/.ready ## Beside privacyIDEA, the same job on this machine (wants PostgreSQL and Python 3.12)
	@$(VENV)/bin/python -m labs.peer --programs .venv-peer/bin $(ARGS)

bench-scale: $(ready) ## A thousand logins a second at nine in the morning, simulated: docs/scale.md (a minute)
	@$(VENV)/bin/python -m labs.scale $(ARGS)

deploy: validate build ## sam deploy, then the pages; ENV=dev or ENV=prod (samconfig.toml)
	$(BUILD_VENV)/bin/python -m tools.release .aws-sam/build samconfig.toml $(ENV) .aws-sam/parameters.yaml $(ARGS)
	PATH="$(CURDIR)/$(BUILD_VENV)/bin:$$PATH" sam deploy --config-env $(ENV) \
		--parameter-overrides file://.aws-sam/parameters.yaml $(ARGS)
	$(BUILD_VENV)/bin/python tools/pages.py samconfig.toml $(ENV)

events: $(ready) ## Write events/ anew from template.yaml's routes
	$(VENV)/bin/python -m tools.events

locks: ## Make the locks anew from pyproject.toml (wants uv)
	uv pip compile -q --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --group dev -o requirements/dev.txt
	uv pip compile -q --universal --generate-hashes --no-annotate --no-header --python-version 3.13 --group mutation -c requirements/dev.txt -o requirements/mutation.txt
	uv pip compile -q --universal --generate-hashes --no-annotate --no-header --python-version 3.13 --group runtime -c requirements/dev.txt -o functions/requirements.txt
	for group in audit build rehearse bench; do \
		uv pip compile -q --universal --generate-hashes --no-annotate --no-header --python-version 3.13 --group $$group -o requirements/$$group.txt; \
	done

clean: ## Remove all that make made
	rm -rf $(VENV) $(BUILD_VENV) .venv-audit .venv-rehearse .venv-bench .venv-mutation .venv-peer .aws-sam .cache .local .coverage* htmlcov *.egg-info
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

# The project itself is installed again whenever its packages, commands or version may have changed.
$(ready): $(VENV)/.locked pyproject.toml
	@$(VENV)/bin/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.locked: requirements/dev.txt
	@test -n "$(PYTHON)"
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

node_modules/.package-lock.json: package-lock.json
	@npm ci --silent --no-audit --no-fund
	@touch $@

$(build_ready): requirements/build.txt
	@test -n "$(LAMBDA_PYTHON)"
	@$(LAMBDA_PYTHON) -m venv $(BUILD_VENV)
	@$(BUILD_VENV)/bin/pip install --quiet --require-hashes --no-deps -r requirements/build.txt
	@touch $@

# Rehearsal and bench run what was built for Lambda, so they are of its very version.
.venv-%/.ready: requirements/%.txt
	@test -n "$(LAMBDA_PYTHON)"
	@$(LAMBDA_PYTHON) -m venv $(@D)
	@$(@D)/bin/pip install --quiet --require-hashes --no-deps -r $<
	@touch $@

# privacyIDEA pins what it needs by itself; nothing of it enters the project.
.venv-peer/.ready: labs/peer/requirements.txt
	@test -n "$(PEER_PYTHON)"
	@$(PEER_PYTHON) -m venv $(@D)
	@$(@D)/bin/pip install --quiet -r $<
	@touch $@

.cache/bench/.ready: requirements/bench.txt .venv-bench/.ready
	@rm -rf $(@D)/usual
	@.venv-bench/bin/pip install --quiet --require-hashes --no-deps --no-compile --target $(@D)/usual -r $<
	@touch $@

$(HERE)/.ready: template.yaml tools/package.py $(shell find functions -name '*.py' -o -name 'requirements.txt') $(wheels_ready)
	@$(sam_build) --build-dir $(HERE) --parameter-overrides Architecture=$(shell uname -m | sed s/aarch64/arm64/) >/dev/null
	@$(BUILD_VENV)/bin/python tools/package.py $(HERE)
	@touch $@

# SAM asks for this machine's wheels first and for Lambda's then, so both are fetched.
fetch := $(BUILD_VENV)/bin/pip download --quiet --require-hashes --no-deps --dest $(WHEELS) -r functions/requirements.txt

$(wheels_ready): functions/requirements.txt | $(build_ready)
	@$(fetch)
	@$(fetch) --python-version 3.13 --implementation cp --abi cp313 --abi abi3 --abi none --only-binary :all: \
		--platform manylinux2014_aarch64 --platform manylinux_2_28_aarch64 --platform manylinux_2_34_aarch64
	@touch $@
