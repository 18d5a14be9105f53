# Targets of the compose deployment; included by the Makefile, which knows PY and STAMP.

.PHONY: compose-test compose-check

compose-test: $(STAMP) ## Images and compose on a real Docker engine: commands, kills, flushall, scaling (STEPS="scal|kill")
	@$(PY) tests/compose/run.py $(if $(STEPS),"$(STEPS)")

compose-check: build/ops-venv/.compose ## Dockerfiles, YAML and scripts of the compose deployment: hadolint, checkov, yamllint, shellcheck
	@build/ops-venv/bin/hadolint --config deploy/images/hadolint.yaml deploy/images/*.Dockerfile
	@build/ops-venv/bin/checkov --config-file deploy/images/checkov.yaml --directory deploy/images
	@build/ops-venv/bin/yamllint --strict --config-file deploy/compose/yamllint.yaml deploy/compose deploy/images
	@if command -v shellcheck >/dev/null; then \
		shellcheck -x deploy/compose/*.sh deploy/compose/redis/redis-cli deploy/nginx/*.sh deploy/images/entry/python; \
		else echo "compose-check: shellcheck is not installed (Debian: apt-get install shellcheck)" >&2; exit 1; fi
	@echo "compose-check: nothing to say"

build/ops-venv/.compose: deploy/images/checks.txt
	@test -x build/ops-venv/bin/pip || $(PYTHON) -m venv build/ops-venv
	@build/ops-venv/bin/pip install --quiet --quiet --requirement $<
	@touch $@
