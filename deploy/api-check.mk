# The OpenAPI document and the API that it describes, held against each other and against linters. Included by the Makefile.
API_CHECK := build/api-check
API_DOCUMENT := $(API_CHECK)/openapi.json

API_CLIENTS := build/api-clients

.PHONY: api-check api-lint api-replies api-fuzz api-changes api-clients

##@ Public API

api-check: api-lint api-changes api-replies api-fuzz api-clients ## The OpenAPI document and what it describes: linters, changes since the last release, generated requests and clients

api-lint: $(STAMP) $(API_CHECK)/.installed ## spectral (OpenAPI, OWASP), redocly and openapi-spec-validator: 0 errors
	@$(PY) -m api_gateway.web.openapi >$(API_DOCUMENT)
	@$(PY) -m openapi_spec_validator --schema 3.1 $(API_DOCUMENT)
	@cp deploy/api-check/*.yaml $(API_CHECK)
	@cd $(API_CHECK) && PATH="$$PWD/venv/bin:$$PATH" && node_modules/.bin/spectral lint openapi.json --ruleset spectral.yaml --fail-severity warn \
		&& REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true node_modules/.bin/redocly lint openapi.json --config redocly.yaml

api-changes: $(STAMP) ## What clients of the last release would miss in today's OpenAPI document; reports only
	@$(PY) deploy/api-check/breaking_changes.py $(GOLDEN)/openapi.json

api-replies: $(STAMP) $(API_CHECK)/.installed ## httplint on replies of a filled API: 0 complaints
	@cd tests && PYTHONPATH=.:load ../$(PY) -m contract.api_check.linted_replies --httplint ../$(API_CHECK)/venv/bin/httplint

api-fuzz: $(STAMP) ## Generated requests against a filled API: statuses, media types, headers, schemas (EXAMPLES=1000 SEEDS=1,2,3 ARGS="--minutes 60")
	@cd tests && PYTHONPATH=.:load ../$(PY) -m contract.api_check --examples $(or $(EXAMPLES),1000) --seeds $(or $(SEEDS),1,2,3) $(ARGS)

api-clients: $(STAMP) ## Clients of openapi-python-client, openapi-typescript and hey-api: compiled, five calls, a value they do not know, fields=
	@$(MAKE) --no-print-directory $(API_CLIENTS)/.installed || { echo "api-clients: not run, the generators cannot be had here"; exit 3; }
	@cd tests && PYTHONPATH=.:load ../$(PY) -m contract.api_check.generated_clients --tools ../$(API_CLIENTS)

$(API_CLIENTS)/.installed: deploy/api-check/clients/requirements.txt deploy/api-check/clients/package.json
	@mkdir -p $(API_CLIENTS)
	@test -x $(API_CLIENTS)/venv/bin/pip || $(PYTHON) -m venv $(API_CLIENTS)/venv
	@$(API_CLIENTS)/venv/bin/pip install --quiet --quiet --requirement deploy/api-check/clients/requirements.txt
	@cp deploy/api-check/clients/package.json $(API_CLIENTS)
	@cd $(API_CLIENTS) && PATH="$$PWD/venv/bin:$$PATH" npm install --silent --no-audit --no-fund --no-package-lock
	@touch $@

# Node comes from a wheel, so that a machine with Python has all that this needs.
$(API_CHECK)/.installed: deploy/api-check/requirements.txt deploy/api-check/package.json
	@mkdir -p $(API_CHECK)
	@test -x $(API_CHECK)/venv/bin/pip || $(PYTHON) -m venv $(API_CHECK)/venv
	@$(API_CHECK)/venv/bin/pip install --quiet --quiet --requirement deploy/api-check/requirements.txt
	@cp deploy/api-check/package.json $(API_CHECK)
	@cd $(API_CHECK) && PATH="$$PWD/venv/bin:$$PATH" npm install --silent --no-audit --no-fund --no-package-lock
	@touch $@
