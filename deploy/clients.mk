# Clients of the API: generated from the OpenAPI document, and tried against a running system. Included by the Makefile.
CLIENT_TOOLS := build/clients-venv
CLIENT_DOCUMENT := build/clients/openapi.json
CLIENT_TYPES := clients/python/src/legis_client/api_types.py
TYPESCRIPT := build/clients/typescript

.PHONY: clients clients-tools clients-python clients-typescript clients-test clients-packages clients-lock

##@ Clients

clients: clients-python clients-typescript ## Generate both clients from tests/contract/golden/openapi.json and compile them

clients-tools: $(CLIENT_TOOLS)/.installed $(TYPESCRIPT)/node_modules/.installed

clients-python: $(STAMP) $(CLIENT_DOCUMENT)
	@$(CLIENT_TOOLS)/bin/datamodel-codegen --input $(CLIENT_DOCUMENT) --input-file-type openapi --output $(CLIENT_TYPES) \
		--output-model-type typing.TypedDict --target-python-version 3.11 --enum-field-as-literal all \
		--use-standard-collections --use-union-operator --use-generic-container-types \
		--openapi-scopes schemas paths parameters --use-operation-id-as-name \
		--use-schema-description --use-single-line-docstring --formatters builtin \
		--custom-file-header-path clients/tools/api_types_header.txt --custom-file-header-mode replace
	@$(PY) -m ruff format --quiet $(CLIENT_TYPES) && $(PY) -m ruff check --quiet --fix $(CLIENT_TYPES)

clients-typescript: $(TYPESCRIPT)/node_modules/.installed $(CLIENT_DOCUMENT)
	@rm -rf $(TYPESCRIPT)/src $(TYPESCRIPT)/test $(TYPESCRIPT)/dist && cp -R clients/typescript/. $(TYPESCRIPT)
	@export PATH="$(abspath $(CLIENT_TOOLS)/bin):$$PATH"; cd $(TYPESCRIPT) && npm run --silent generate -- ../openapi.json >/dev/null && npm run --silent build

clients-test: $(STAMP) clients ## Both clients against a running system: search, pages, changes, errors, retries, values not known
	@$(PYTEST) tests/clients

clients-packages: $(STAMP) clients ## Both clients and the command legis as packages for a release: build/clients/packages
	@$(PY) -m uv build --quiet --no-build-isolation --python $(PY) --out-dir build/clients/packages clients/python
	@$(PY) -m uv build --quiet --no-build-isolation --python $(PY) --out-dir build/clients/packages clients/cli
	@cp LICENSE $(TYPESCRIPT)/ && export PATH="$(abspath $(CLIENT_TOOLS)/bin):$$PATH"; cd $(TYPESCRIPT) && npm pack --silent --pack-destination ../packages
	@ls build/clients/packages

clients-lock: $(CLIENT_TOOLS)/.installed ## Resolve the TypeScript client's package-lock.json anew, without addresses of a package index
	@export PATH="$(abspath $(CLIENT_TOOLS)/bin):$$PATH"; cd clients/typescript && rm -f package-lock.json && \
		npm install --silent --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

$(CLIENT_DOCUMENT): $(GOLDEN)/openapi.json clients/tools/client_document.py $(CLIENT_TOOLS)/.installed
	@$(CLIENT_TOOLS)/bin/python clients/tools/client_document.py $< $@

$(CLIENT_TOOLS)/.installed: clients/tools/tools.txt
	@test -x $(CLIENT_TOOLS)/bin/pip || $(PYTHON) -m venv $(CLIENT_TOOLS)
	@$(CLIENT_TOOLS)/bin/pip install --quiet --quiet --requirement $<
	@touch $@

$(TYPESCRIPT)/node_modules/.installed: clients/typescript/package.json clients/typescript/package-lock.json $(CLIENT_TOOLS)/.installed
	@mkdir -p $(TYPESCRIPT) && cp -R clients/typescript/. $(TYPESCRIPT)
	@export PATH="$(abspath $(CLIENT_TOOLS)/bin):$$PATH"; cd $(TYPESCRIPT) && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@
