# smartIDENT: `make run` and `make story` need Python 3.11+ and nothing else. CI calls only these targets.
SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV ?= .venv
CLOUD_VENV ?= .venv-cloud
WHEELS ?= .cache/wheels
OUT := .cache/out
ENV ?= dev
ARGS ?=
# With no AWS account at hand the tools still want to know a region.
export AWS_DEFAULT_REGION ?= eu-central-1
export SAM_CLI_TELEMETRY := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The newest Python that runs makes the environment; PYTHON=/path/to/python chooses another.
PYTHON ?= $(shell tools/find-python 3.13 3.12 3.11 3)
# SAM builds for Lambda's Python and wants that very version: 3.13, or 3.14 (docs/operate.md).
LAMBDA_VERSION ?= 3.13
LAMBDA_PYTHON ?= $(shell tools/find-python $(LAMBDA_VERSION))
# privacyIDEA's own.
PEER_PYTHON ?= $(shell tools/find-python 3.12)

# One environment in two stages: what `make run` needs, and with it what tests and lints need.
run_ready := $(VENV)/.run
ready := $(VENV)/.ready
# What reads docs/api/openapi.yaml as its users do.
contract_tools := .cache/contract/.ready
# Clients of OpenID Connect by others.
interop_tools := .cache/interop/.ready
# A provider of OpenID Connect by others.
openid_peer := .cache/openid-peer/.ready
# The examples that npm installs something for.
EXAMPLES := vite react express
# smartident.js as npm takes it: without comments, with the types that TypeScript makes of them.
npm_package := .cache/npm/package.json
cloud_ready := $(CLOUD_VENV)/.ready
wheels_ready := $(WHEELS)/.ready

.PHONY: help run smartident story test test-oldest coverage test-robustness test-local test-browser test-contract test-generated test-examples test-interop fuzz exhaustive pr mutate mutate-conditions formal lint audit typecheck-web npm-package docs screenshots format validate build reproducible rehearse bench bench-cold bench-cost bench-peer bench-peer-oidc bench-scale bench-timing sam-local deploy smoke tidy vectors events locks clean

help: ## What there is to make
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 20

run: $(run_ready) ## The whole service on this laptop (ARGS="--help" shows its options)
	@exec $(VENV)/bin/python -m smartident_laptop $(ARGS)

smartident: $(run_ready) ## The smartident command, as .venv/bin/smartident
	@$(VENV)/bin/smartident --help >/dev/null && echo "$(VENV)/bin/smartident"

story: $(run_ready) ## The eight steps, played over real HTTP and WebSocket (ARGS="--help")
	@$(VENV)/bin/smartident story $(ARGS)

pytest := $(VENV)/bin/python -m pytest
# These take their time and have targets of their own; everything else is `make test`.
ROBUSTNESS := tests/faults tests/fuzz tests/properties
ELSEWHERE := tests/audit tests/browser tests/contract tests/examples tests/generated tests/interop tests/laptop $(ROBUSTNESS)

# The tracer of coverage doubles the work of the tests, so it has a target of its own.
everything := -n auto --dist worksteal $(ELSEWHERE:%=--ignore %)

test: $(ready) ## The tests (ARGS=tests/x/test_y.py: these alone)
	$(pytest) $(or $(strip $(ARGS)),$(everything))

# What people run on a Python of their own, and what it calls of functions/, which Lambda runs on 3.13.
OF_ANY_PYTHON := $(addprefix tests/,approvals cli client crypto http logins notify passwords phone storage tokens webauthn test_aws.py test_telemetry.py)

test-oldest: $(ready) ## The tests of the command, of a client's phone and browser, and of the steps of a login (VENV=.venv-oldest PYTHON=python3.11)
	$(pytest) -n auto --dist worksteal $(OF_ANY_PYTHON) $(ARGS)

coverage: $(ready) ## The tests, with branch coverage of functions/: all of it
	$(pytest) $(everything) --cov --cov-report=term --cov-fail-under=100

test-robustness: $(ready) ## A sample: crashes and lost answers at every AWS call, spoiled requests, random interleavings
	$(pytest) -n auto $(ROBUSTNESS) $(ARGS)

test-local: $(ready) ## The stack of `make run`: its gateway, its demo accounts, its reloading
	$(pytest) -n 2 --dist worksteal tests/laptop $(ARGS)

test-browser: $(ready) ## The pages, walked in a real Chromium with two windows (wants chromium)
	$(pytest) -n 3 --dist worksteal tests/browser $(ARGS)

test-contract: $(ready) ## docs/api against the running stack: Schemathesis and the answers of a whole story
	$(pytest) -n 2 tests/contract $(ARGS)

test-generated: $(ready) .venv-docs/.ready $(contract_tools) ## Clients generated from docs/api/openapi.yaml, at work against the stack; Spectral (wants npm)
	$(pytest) tests/generated $(ARGS)

test-examples: $(ready) .venv-examples/.ready $(npm_package) $(EXAMPLES:%=examples/%/node_modules/.package-lock.json) ## What is in examples/, at work against the stack (wants npm and chromium)
	$(pytest) -n 2 --dist worksteal tests/examples $(ARGS)

test-interop: $(ready) .venv-interop/.ready $(interop_tools) ## Programs of others: Authlib, requests_oauth2client and openid-client log in at the stack, oidc-client-ts in Chromium, Apache with mod_auth_openidc, http_ece reads push messages (wants npm)
	$(pytest) tests/interop $(ARGS)

fuzz: $(ready) ## Ten thousand spoiled requests of each kind, of which test-robustness sends a seeded part (FUZZ_INPUTS)
	FUZZ_INPUTS=$${FUZZ_INPUTS:-10000} $(pytest) -n auto tests/fuzz $(ARGS)

exhaustive: $(ready) ## All of what test-robustness and rehearse sample (FUZZ_INPUTS, PROPERTY_RUNS, PAIRING_RUNS)
	EXHAUSTIVE=1 FUZZ_INPUTS=$${FUZZ_INPUTS:-10000} PROPERTY_RUNS=$${PROPERTY_RUNS:-150} PAIRING_RUNS=$${PAIRING_RUNS:-10000} \
		$(pytest) -n auto $(ROBUSTNESS) $(ARGS)
	@$(MAKE) --no-print-directory rehearse ARGS=--every

pr: ## Every check that CI runs
	.ci/run

formal: ## Every model over their whole state space, and every twin that must fail (wants spin and gcc)
	formal/check

mutate-conditions: $(ready) ## Take each condition out of the conditional writes: some test must then fail (minutes)
	$(VENV)/bin/python -m labs.mutation.conditions $(ARGS)

mutate: $(ready) ## Change functions/ in one place at a time: some test must then fail (an hour; ARGS="transitions counters")
	$(VENV)/bin/python -m labs.mutation $(ARGS)

lint: $(ready) ## ruff, its formatter and mypy, all strict
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/python -m tools.events --check

audit: $(ready) build ## bandit, the bill of materials, and what is known against any package (ARGS=--required: nothing may be skipped)
	$(VENV)/bin/bandit -q -c pyproject.toml -r functions smartident_cli smartident_client smartident_laptop labs/rehearsal
	$(pytest) tests/audit
	$(VENV)/bin/python tools/audit.py $(ARGS)

typecheck-web: node_modules/.package-lock.json ## The types of web/, by TypeScript's checker (wants npm; nothing of it is shipped)
	npm run --silent types

npm-package: $(npm_package) ## smartident.js as an npm package, with types: a tarball in .cache/out (wants npm)
	@mkdir -p $(OUT)
	@npm pack --silent --pack-destination $(OUT) ./$(dir $(npm_package))

docs: $(run_ready) .venv-docs/.ready ## The docs as a site, which make run serves under /docs; Redoc renders the API (wants npm)
	@$(MAKE) --no-print-directory $(contract_tools) || echo "npm fetched nothing: the page of the API is the plain one"
	@$(VENV)/bin/python -m tools.docs stage
	@.venv-docs/bin/zensical build --config-file .site/zensical.toml --strict
	@$(VENV)/bin/python -m tools.docs api

screenshots: $(ready) ## docs/images/ anew: every view of the pages, from the running product
	$(VENV)/bin/python -m tests.browser.screenshots $(ARGS)

format: $(ready) ## Lay the code out and sort its imports
	$(VENV)/bin/ruff check --fix-only --exit-zero --quiet .
	$(VENV)/bin/ruff format .

validate: $(cloud_ready) ## Both lints of template.yaml: as SAM and as the CloudFormation it becomes
	$(CLOUD_VENV)/bin/sam validate --lint --template template.yaml
	@mkdir -p $(OUT)
	$(CLOUD_VENV)/bin/python tools/translate.py template.yaml > $(OUT)/template.json
	$(CLOUD_VENV)/bin/cfn-lint --regions $(AWS_DEFAULT_REGION) --template $(OUT)/template.json
	$(CLOUD_VENV)/bin/cfn-lint --regions us-east-1 --template web-acl.yaml

# SAM takes no index: offline once the wheels are there.
sam_build := PATH="$(CURDIR)/$(CLOUD_VENV)/bin:$$PATH" PIP_NO_INDEX=1 PIP_FIND_LINKS="$(CURDIR)/$(WHEELS)" \
	sam build --template template.yaml --parameter-overrides PythonRuntime=python$(LAMBDA_VERSION)
# What is in the artifact, told beside it and not inside: Lambda never reads it.
SBOM := $(OUT)/sbom.json
# The same artifact for this machine, where Lambda's arm64 cannot run.
HERE := .aws-sam/here

build: $(cloud_ready) $(wheels_ready) ## The artifact for Lambda (arm64), with its bytecode and its bill of materials; offline once the wheels are there
	$(sam_build)
	$(CLOUD_VENV)/bin/python tools/package.py .aws-sam/build
	@$(CLOUD_VENV)/bin/python -m tools.sbom .aws-sam/build $(WHEELS) functions/requirements.txt $(SBOM)

reproducible: build ## Build again elsewhere and demand the same bytes
	$(sam_build) --build-dir .aws-sam/again
	$(CLOUD_VENV)/bin/python tools/package.py .aws-sam/again
	$(CLOUD_VENV)/bin/python tools/compare.py .aws-sam/build .aws-sam/again
	@$(CLOUD_VENV)/bin/python -m tools.sbom .aws-sam/again $(WHEELS) functions/requirements.txt $(OUT)/again.json
	cmp $(SBOM) $(OUT)/again.json

# A rehearsed deployment and those after it, by names that no digest has; SAM looks at the first ten digits.
RELEASES := $(foreach digit,1 2 3 4 5,$(shell printf '%064d' 0 | tr 0 $(digit)))

rehearse: $(run_ready) $(HERE)/.ready ## The built artifact and the real template on a stand-in for the cloud
	@for release in $(RELEASES); do \
		$(CLOUD_VENV)/bin/python tools/translate.py $(HERE)/template.yaml $$release > $(HERE)/$$release.json || exit 1; \
	done
	@$(VENV)/bin/python -m labs.rehearsal --python $(CLOUD_VENV)/bin/python --artifacts $(HERE) --releases $(RELEASES) $(ARGS)

sam-local: $(run_ready) $(HERE)/.ready ## What sam local invoke needs against the running laptop stack (PORT=8080); wants Docker
	@$(VENV)/bin/python -m tools.sam_local $(CLOUD_VENV)/bin/sam $(HERE)/template.yaml $(PORT)

bench: $(ready) ## Work, database, waiting and throughput of a login, measured: docs/performance.md (ARGS="--quick" to try it)
	@$(VENV)/bin/python -m bench $(ARGS)

bench-cold: $(ready) $(HERE)/.ready .cache/usual/.ready ## The cold start of each function beside an empty one and the usual way
	@$(VENV)/bin/python -m bench.cold --artifacts $(HERE) --usual .cache/usual/packages --python .venv-usual/bin/python \
		--emulators $$(echo $(CLOUD_VENV)/lib/python3.*/site-packages/samcli/local/rapid) $(ARGS)

bench-cost: $(ready) ## What a login, an enrolment and a month cost: docs/cost.md (ARGS="--logins-per-day 50000" prints your own)
	@$(VENV)/bin/python -m bench.cost $(ARGS)

bench-peer: $(ready) .venv-peer/.ready ## Beside privacyIDEA, the same job on this machine (wants PostgreSQL and Python 3.12)
	@$(VENV)/bin/python -m labs.peer --programs .venv-peer/bin $(ARGS)

bench-peer-oidc: $(ready) $(openid_peer) ## Beside npm's oidc-provider, the same code flow of OpenID Connect in one run (wants npm)
	@$(VENV)/bin/python -m labs.openid_peer --provider $(dir $(openid_peer)) $(ARGS)

bench-scale: $(ready) ## A thousand logins a second at nine in the morning, simulated: docs/scale.md (a minute)
	@$(VENV)/bin/python -m labs.scale $(ARGS)

bench-timing: $(ready) ## 500 refused attempts of each kind: nobody's name, wrong, right but locked; bytes and AUC (docs/security.md)
	@$(VENV)/bin/python -m bench.timing $(ARGS)

deploy: validate build ## sam deploy, then the pages; ENV=dev or ENV=prod (samconfig.toml)
	$(CLOUD_VENV)/bin/python -m tools.release .aws-sam/build samconfig.toml $(ENV) .aws-sam/parameters.yaml $(ARGS)
	PATH="$(CURDIR)/$(CLOUD_VENV)/bin:$$PATH" sam deploy --config-env $(ENV) \
		--parameter-overrides file://.aws-sam/parameters.yaml $(ARGS)
	$(CLOUD_VENV)/bin/python -m tools.release .aws-sam/build samconfig.toml $(ENV) .aws-sam/parameters.yaml --name-address; \
		code=$$?; [ $$code -eq 3 ] || { [ $$code -eq 0 ] && PATH="$(CURDIR)/$(CLOUD_VENV)/bin:$$PATH" sam deploy --config-env $(ENV) \
			--parameter-overrides file://.aws-sam/parameters.yaml --no-confirm-changeset; }
	$(CLOUD_VENV)/bin/python -m tools.pages samconfig.toml $(ENV)

smoke: $(run_ready) $(cloud_ready) ## What no stand-in shows, tried on a throw-away AWS account and removed again (ARGS="--phone +49…")
	@$(VENV)/bin/python -m labs.smoke --environment $(ENV) --sam $(CLOUD_VENV)/bin/sam --make "$(MAKE)" $(ARGS)

tidy: $(cloud_ready) ## Delete old versions of the deployed functions (ENV=dev or prod; the newest three stay, ARGS=5: five)
	$(CLOUD_VENV)/bin/python -m tools.tidy samconfig.toml $(ENV) $(ARGS)

vectors: $(ready) ## Write docs/api/vectors.json anew, which native phones are tested by
	WRITE_VECTORS=1 $(pytest) -q tests/phone/test_vectors.py::test_the_file_says_what_the_service_answers_today

events: $(ready) ## Write events/ anew from template.yaml's routes
	$(VENV)/bin/python -m tools.events

# Pins that still fit stay as they are; uv's own --upgrade-package raises one.
compile := uv pip compile -q --universal --generate-hashes --no-annotate --no-header

locks: ## Make the locks anew from pyproject.toml (wants uv)
	$(compile) --python-version 3.11 --group run -o requirements/run.txt
	$(compile) --python-version 3.11 --group dev -c requirements/run.txt -o requirements/dev.txt
	$(compile) --python-version 3.11 --group docs -o requirements/docs.txt
	$(compile) --python-version 3.13 --group examples -c requirements/run.txt -o requirements/examples.txt
	$(compile) --python-version 3.13 --group interop -o requirements/interop.txt
	$(compile) --python-version 3.13 --group runtime -c requirements/run.txt -o functions/requirements.txt
	$(compile) --python-version 3.13 --group cloud -o requirements/cloud.txt
	$(compile) --python-version 3.13 --group usual -o requirements/usual.txt

clean: ## Remove all that make made
	rm -rf $(VENV) $(CLOUD_VENV) .venv-usual .venv-peer .venv-docs .venv-interop .aws-sam .cache .site .local .coverage* htmlcov *.egg-info
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

# The locks are complete, and a pip below 23.3 refuses extras in one that names hashes: no rule lets it resolve.
install := pip install --quiet --no-deps --require-hashes
# The first run of a stranger: it says how far it is.
install_shown = python tools/progress.py $(VENV)/bin/pip install --no-deps --require-hashes

$(run_ready): requirements/run.txt
	@test -n "$(PYTHON)"
	@echo "making $(VENV) with $$($(PYTHON) --version): once, a minute or two"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/$(install_shown) -r requirements/run.txt
	@$(VENV)/bin/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(ready): requirements/dev.txt $(run_ready)
	@$(VENV)/bin/$(install_shown) -r requirements/dev.txt
	@touch $@

examples/react/node_modules/.package-lock.json: $(npm_package)

node_modules/.package-lock.json $(EXAMPLES:%=examples/%/node_modules/.package-lock.json): %node_modules/.package-lock.json: %package-lock.json
	@cd $(or $*,.) && npm ci --silent --no-audit --no-fund
	@touch $@

$(npm_package): web/smartident.js $(wildcard npm/*) node_modules/.package-lock.json
	@mkdir -p $(@D)
	@node_modules/.bin/tsc -p npm/tsconfig.json --outDir $(@D)
	@node_modules/.bin/tsc -p npm/tsconfig.json --outDir $(@D) --declaration --emitDeclarationOnly --removeComments false
	@cp npm/README.md LICENSE npm/package.json $(@D)

$(contract_tools): requirements/contract/package-lock.json
	@mkdir -p $(@D)
	@cp .npmrc requirements/contract/package.json requirements/contract/package-lock.json $(@D)
	@cd $(@D) && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(interop_tools): requirements/interop/package-lock.json
	@mkdir -p $(@D)
	@cp .npmrc requirements/interop/package.json requirements/interop/package-lock.json $(@D)
	@cd $(@D) && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(openid_peer): labs/openid_peer/package-lock.json labs/openid_peer/provider.mjs
	@mkdir -p $(@D)
	@cp .npmrc labs/openid_peer/package.json $^ $(@D)
	@cd $(@D) && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

# What runs what was built for Lambda is of its very version.
.venv-%/.ready: requirements/%.txt
	@test -n "$(LAMBDA_PYTHON)"
	@$(LAMBDA_PYTHON) -m venv $(@D)
	@$(@D)/bin/$(install) -r $<
	@touch $@

# privacyIDEA pins what it needs by itself; nothing of it enters the project.
.venv-peer/.ready: labs/peer/requirements.txt
	@test -n "$(PEER_PYTHON)"
	@$(PEER_PYTHON) -m venv $(@D)
	@$(@D)/bin/pip install --quiet -r $<
	@touch $@

.cache/usual/.ready: requirements/usual.txt .venv-usual/.ready
	@rm -rf $(@D)/packages
	@.venv-usual/bin/$(install) --no-compile --target $(@D)/packages -r $<
	@touch $@

$(HERE)/.ready: template.yaml tools/package.py $(shell find functions -name '*.py' -o -name 'requirements.txt') $(wheels_ready)
	@$(sam_build) Architecture=$(shell uname -m | sed s/aarch64/arm64/) --build-dir $(HERE) >/dev/null
	@$(CLOUD_VENV)/bin/python tools/package.py $(HERE)
	@touch $@

# SAM asks for this machine's wheels first and for Lambda's then, so both are fetched.
fetch := $(CLOUD_VENV)/bin/pip download --quiet --require-hashes --no-deps --dest $(WHEELS) -r functions/requirements.txt

$(wheels_ready): functions/requirements.txt | $(cloud_ready)
	@$(fetch)
	@$(fetch) --python-version $(LAMBDA_VERSION) --implementation cp --abi cp$(subst .,,$(LAMBDA_VERSION)) --abi abi3 --abi none --only-binary :all: \
		--platform manylinux2014_aarch64 --platform manylinux_2_28_aarch64 --platform manylinux_2_34_aarch64
	@touch $@
