# Every command a person or CI runs. Needs python3 (3.11 or newer) and make; everything else goes into .venv.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
MEMBERS := shared $(sort $(wildcard services/*)) tools/upstream-sim tools/launcher clients/python clients/cli
SOURCES := $(addsuffix /src,$(MEMBERS))
GOLDEN := tests/contract/golden
PYTEST := $(PY) -m pytest -q --durations=10

export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run stop status trace dead-letters api-keys logs backfill export migrate simulator check format test test-unit test-contract \
	test-integration test-e2e chaos chaos-mutants rolling cluster-test twin twin-mutants golden new-source bench overload matrix hostile fairness manners notify-load export-bench page-cost backfill-recordings search-report search-model search-fuzz quality-report vocabulary-report ops-check \
	lock clean clean-data

help: ## Print this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Run it

run: $(STAMP) ## Everything on this machine, in the foreground; Ctrl-C stops it (PORT=, LEGIS_UPSTREAM=auto|live|sample)
	@exec $(PY) -m legis_launcher up

stop: $(STAMP) ## Stop a `make run` from another terminal
	@$(PY) -m legis_launcher stop

status: $(STAMP) ## Processes with their ids, ports, health and time up
	@$(PY) -m legis_launcher status

trace: $(STAMP) ## The newest trace from a chamber's answer to a served bill, as a tree
	@$(PY) -m legis_launcher trace

dead-letters: $(STAMP) ## What could not be stored (ARGS="list", "show ID", "replay ID|--all", "resolve ID --note WHY")
	@$(PY) -m legis_launcher dead-letters $(ARGS)

logs: ## Follow the logs of the run, readable; Ctrl-C ends it (SERVICE=web TRACE=a trace or request id LINES=20 of before)
	@tail -v -n $(or $(LINES),$(if $(TRACE),+1,20)) -F $(or $(LEGIS_RUN_DIR),.run)/logs/$(or $(SERVICE),*).log | \
		$(PYTHON) scripts/lib/readable_logs.py $(if $(TRACE),--trace "$(TRACE)")

backfill: $(STAMP) ## Read a year, or every year, of a chamber again (SOURCE=camara|senado|all YEAR=2019)
	@$(PY) -m legis_launcher backfill $(if $(SOURCE),--source $(SOURCE)) $(if $(YEAR),--year $(YEAR))

api-keys: $(STAMP) ## Keys of the API's users (ARGS="create --name WHO", "list", "show PREFIX", "rotate|revoke|expire PREFIX")
	@$(PY) -m legis_launcher api-keys $(ARGS)

export: $(STAMP) ## Build an export of all data now; the exporter does so each day
	@$(PY) -m legis_launcher export

migrate: $(STAMP) ## Bring the database at DATABASE_URL to the newest schema
	@$(PY) -m api_gateway.migrations

simulator: $(STAMP) ## Only the simulated chambers (ARGS="--port 8700 --bills 5000")
	@exec $(PY) -m upstream_sim $(ARGS)

##@ Work on it

install: $(STAMP) ## Make .venv from requirements.lock, hashes checked; done by every other target when needed

check: $(STAMP) ## Style, types, import contracts, spelling, size limits, dangerous calls, secrets
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check .
	@$(PY) -m mypy --no-error-summary $(SOURCES)
	@$(PY) -c "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))"
	@$(PY) -m codespell_lib README.md CONTRIBUTING.md CHANGELOG.md docs scripts $(wildcard $(addsuffix /README.md,$(MEMBERS)))
	@$(PY) -m bandit --quiet --configfile pyproject.toml --confidence-level medium --recursive $(SOURCES)
	@$(PY) -m pytest -q tests/architecture

format: $(STAMP) ## Put the code into the one format
	@$(PY) -m ruff check --quiet --fix .
	@$(PY) -m ruff format --quiet .

# The quick tests compute and the others mostly wait: three processes side by side take less than half the time on two cores.
QUICK := $(addprefix tests/,unit contract architecture twin compose k8s monitoring scripts chaos)

test: $(STAMP) ## Every test, or those of T=tests/unit/…
ifdef T
	@$(PYTEST) $(T)
else
	@$(MAKE) --no-print-directory clients-tools $(CLIENT_DOCUMENT) || echo "the tools of the clients cannot be had: their tests are skipped"
	@$(MAKE) --no-print-directory $(OPS_TOOLS)/kubectl || echo "kubectl cannot be had: what renders manifests is skipped"
	@mkdir -p build; $(PYTEST) $(QUICK) >build/test-quick.log 2>&1 & quick=$$!; \
		$(PYTEST) tests/e2e >build/test-e2e.log 2>&1 & e2e=$$!; \
		$(PYTEST) tests/integration; status=$$?; \
		wait $$e2e || status=1; wait $$quick || status=1; cat build/test-e2e.log build/test-quick.log; exit $$status
endif

test-unit: $(STAMP) ## Rules and translations, in memory
	@$(PYTEST) tests/unit

test-contract: $(STAMP) ## Each edge keeps its promise: sources, events, public API
	@$(PYTEST) tests/contract

test-integration: $(STAMP) ## Real PostgreSQL and a real Redis protocol
	@$(PYTEST) tests/integration

test-e2e: $(STAMP) ## The whole system as processes
	@$(PYTEST) tests/e2e

chaos: $(STAMP) ## Everything fails while bills move, and nothing is lost (SEEDS=20 DURATION=60, or SEED=7)
	@cd tests && ../$(PY) -m chaos $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),20)) --duration $(or $(DURATION),60)

chaos-mutants: $(STAMP) ## The product broken on purpose, and whether the chaos notices (MUTANTS="names")
	@cd tests && ../$(PY) -m chaos.mutants $(MUTANTS)

rolling: $(STAMP) ## Rolling restarts under load behind nginx: no request may fail (RESTARTS=20 REQUESTS=50000 RATE=130)
	@$(PY) tests/load/rolling.py --restarts $(or $(RESTARTS),20) --requests $(or $(REQUESTS),50000) --rate $(or $(RATE),130)

cluster-test: $(STAMP) ## Failover, a lagging standby, a lost index copy, 3 x load: nothing failed, nothing wrong (ARGS="--only 'standby lags'"; PGBOUNCER=path)
	@cd tests && PYTHONPATH=.:load ../$(PY) -m cluster $(ARGS)

twin: $(STAMP) ## Ingest and worker on a virtual clock between doubles, under faults (SEEDS=10000; SEED=n replays one)
	@cd tests && PYTHONHASHSEED=0 ../$(PY) -m twin $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),10000))

twin-mutants: $(STAMP) ## Every defect put in on purpose must be caught by the twin (SEEDS=1000 at most for each)
	@cd tests && PYTHONHASHSEED=0 ../$(PY) -m twin --mutants --seeds $(or $(SEEDS),1000)

golden: $(STAMP) ## Write the event schema, OpenAPI and .env.example again; read the difference before you commit it
	@$(PY) -m legis.events.json_schema > $(GOLDEN)/bill_observed.v1.json
	@$(PY) -m api_gateway.web.openapi > $(GOLDEN)/openapi.json
	@$(PY) -m legis.telemetry.telemetry_reference > docs/telemetry.md
	@$(PY) -m api_gateway.search.filtering.filter_reference > docs/api/filters.md
	@$(PY) -m api_gateway.search.filtering.filter_reference --pages > services/api-gateway/src/api_gateway/site/filters.toml
	@$(PY) -m legis_launcher.console.env_example

new-source: $(STAMP) ## A third source to begin with: a small invented assembly, copied and registered (NAME=alesp TITLE="…")
	@$(PY) tests/new_source/new_source.py --name "$(NAME)" --title "$(TITLE)"
	@$(PY) -m ruff format --quiet services/ingest-$(NAME) tests/integration/ingest_$(NAME)
	@$(MAKE) --no-print-directory install golden
	@echo "new-source: now make test T=tests/integration/ingest_$(NAME), and docs/adding-a-source.md"

bench: $(STAMP) ## Every figure of docs/performance.md against its target and its rivals, in turns (BILLS=100000; ARGS="--only reads")
	@cd tests && PYTHONPATH=.:load ../$(PY) -m bench --bills $(or $(BILLS),100000) $(ARGS)

overload: $(STAMP) ## Three and ten times the capacity: goodput, times, refusals (ARGS="--seconds 6")
	@cd tests && PYTHONPATH=.:load ../$(PY) load/overload.py $(ARGS)

matrix: $(STAMP) ## Four dependencies, eight toxics, every promise (ARGS="--only redis")
	@$(PY) tests/load/matrix.py $(ARGS)

hostile: $(STAMP) ## Raw hostile requests: no 5xx, no traceback, memory and descriptors back (REQUESTS=100000 SEED=1)
	@$(PY) tests/load/hostile.py --requests $(or $(REQUESTS),100000) --seed $(or $(SEED),1)

fairness: $(STAMP) ## One client at 50 times its limit, and another's replies beside it (ARGS="--seconds 20")
	@$(PY) tests/load/fairness.py $(ARGS)

notify-load: $(STAMP) ## How soon 200 webhooks are told of changes while 20 hang and 20 fail (ARGS="--rate 100 --searches 10000")
	@cd tests && PYTHONPATH=. ../$(PY) -m load.notify.notify_load $(ARGS)

page-cost: $(STAMP) ## Processor time of a page beside that of the calls of the API that it shows (ARGS="--turns 5 --bills 2000")
	@cd tests && PYTHONPATH=.:load ../$(PY) -m load.pages.page_cost $(ARGS)

export-bench: $(STAMP) ## Time and memory of an export of so many bills (BILLS=150000 ARGS="--actions 5")
	@cd tests && PYTHONPATH=. ../$(PY) -m load.exports.export_bench --bills $(or $(BILLS),150000) $(ARGS)

manners: $(STAMP) ## A chamber that is unwell or hostile: requests, probes, memory
	@$(PY) tests/load/upstream_manners.py

backfill-recordings: $(STAMP) ## Every recorded row of the real yearly files, through the whole line, counted (FOLDER=)
	@$(PY) tests/load/backfill_recordings.py $(if $(FOLDER),--folder "$(FOLDER)")

search-report: $(STAMP) ## How good the search is, with judged queries over recorded real bills: docs/search-quality.md (ARGS="--each")
	@cd tests && ../$(PY) -m quality --engine index --page $(ARGS)

search-model: $(STAMP) ## The search engine against a plain model of it (QUESTIONS=20000 SEED=1; ONLY=n asks one; DATABASE=url INDEX=folder)
	@cd tests && ../$(PY) -m search.run --questions $(or $(QUESTIONS),20000) --seed $(or $(SEED),1) $(if $(ONLY),--only $(ONLY)) \
		$(if $(DATABASE),--database "$(DATABASE)" --index "$(abspath $(INDEX))")

search-fuzz: $(STAMP) ## Anything asked of a running API about bills: no 5xx, each 4xx says why (REQUESTS=100000 SEED=1; ONLY=n asks one)
	@cd tests && PYTHONPATH=.:load ../$(PY) -m search.fuzz --requests $(or $(REQUESTS),100000) --seed $(or $(SEED),1) $(if $(ONLY),--only $(ONLY))

quality-report: $(STAMP) ## Statuses of every recorded row, before and after, and those judged by hand: docs/data-quality.md (RECORDINGS=folder)
	@cd tests && ../$(PY) -m quality.status_report $(if $(RECORDINGS),--recordings "$(abspath $(RECORDINGS))")

vocabulary-report: $(STAMP) ## How much of what is recorded has no word of ours, by field (RECORDINGS=folder SENADO=folder)
	@cd tests && ../$(PY) -m quality.vocabulary_report $(if $(RECORDINGS),--recordings "$(abspath $(RECORDINGS))") \
		$(if $(SENADO),--senado "$(abspath $(SENADO))")

lock: $(STAMP) ## Resolve requirements.lock again from every pyproject.toml
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		$(foreach member,$(filter-out clients/%,$(MEMBERS)),--no-emit-package legis-$(notdir $(member))) --no-emit-package legis-client --no-emit-package legis-cli --group test --group lint --group build \
		pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS)) --output-file requirements.lock

##@ Operate it

ops-check: compose-check k8s-check monitoring-check check-scripts ## Manifests, images, rules, alerts, dashboards and scripts, with the tools that know them

include $(sort $(wildcard deploy/*.mk))

##@ Tidy

clean: ## Remove caches and build output
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage build
	@find $(MEMBERS) tests -name __pycache__ -type d -prune -exec rm -rf {} +

clean-data: $(STAMP) ## Stop what runs and remove what .run, or LEGIS_RUN_DIR, keeps of it: databases, logs, traces
	@$(PY) -m legis_launcher remove

$(STAMP): requirements.lock pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS)) tools/launcher/install.sh
	@sh tools/launcher/install.sh "$(PYTHON)" "$(VENV)" $(MEMBERS)
	@touch $@
