# What the product is made of: bill of materials, licences, known vulnerabilities. Included by the Makefile.
SUPPLY_VENV := build/supply-venv

.PHONY: sbom licences audit pin-digests

##@ Supply chain

sbom: $(STAMP) $(SUPPLY_VENV)/.installed ## Software bill of materials (CycloneDX 1.6) of .venv: build/sbom.json
	@$(SUPPLY_VENV)/bin/cyclonedx-py environment --output-reproducible --spec-version 1.6 --output-file build/sbom.json $(PY)
	@$(PY) -c "import json; print('sbom:', len(json.load(open('build/sbom.json'))['components']), 'components in build/sbom.json')"

licences: $(STAMP) $(SUPPLY_VENV)/.installed ## Licences of all packages: build/licences.md
	@$(SUPPLY_VENV)/bin/pip-licenses --python $(PY) --format markdown --with-urls --order license --output-file build/licences.md

# `--strict`: where a package cannot be looked up there is no verdict, and no verdict is not a pass: status 3, not run.
audit: $(STAMP) $(SUPPLY_VENV)/.installed ## Known vulnerabilities of what requirements.lock names; needs the network
	@$(PY) deploy/supply-chain/audit.py $(SUPPLY_VENV)/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock

pin-digests: $(STAMP) ## Write the digest behind every image's tag, as its registry answers now (skopeo)
	@$(PY) deploy/supply-chain/pin_digests.py $(wildcard deploy/compose/*.yaml deploy/images/*.Dockerfile) \
		deploy/compose/.env.example $(shell find deploy/k8s -name '*.yaml' -not -path '*/checks/*')

$(SUPPLY_VENV)/.installed: deploy/supply-chain/tools.txt
	@test -x $(SUPPLY_VENV)/bin/pip || $(PYTHON) -m venv $(SUPPLY_VENV)
	@$(SUPPLY_VENV)/bin/pip install --quiet --quiet --requirement $<
	@touch $@
