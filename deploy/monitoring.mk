# Monitoring: dashboards made from their panels, and everything that needs Prometheus's and Alertmanager's own programs.

.PHONY: dashboards monitoring-check monitoring-tools

MONITORING_PROGRAMS := promtool amtool prometheus-alertmanager yamllint
MONITORING_PACKAGES := prometheus prometheus-alertmanager yamllint

dashboards: $(STAMP) ## Write Grafana's dashboards anew from deploy/monitoring/grafana/panels
	@$(PY) deploy/monitoring/grafana/make_dashboards.py

monitoring-check: $(STAMP) build/otlp-venv/.installed ## Rules, alerts' cases, routing on every weekday, messages: with promtool and amtool
	@missing=; for program in $(MONITORING_PROGRAMS); do command -v $$program >/dev/null || missing="$$missing $$program"; done; \
		if [ -n "$$missing" ]; then \
			echo "monitoring-check: not installed:$$missing (Debian: apt-get install $(MONITORING_PACKAGES), or make monitoring-tools)"; \
			exit 1; fi
	@yamllint --strict -c deploy/monitoring/yamllint.yml deploy/monitoring tests/monitoring
	@$(PYTEST) tests/monitoring
	@$(PYTEST) tests/monitoring/check_*.py tests/monitoring/outside/check_*.py

monitoring-tools: ## Install what monitoring-check needs from Debian (as root); starts no service
	@if [ "$$(id -u)" != 0 ]; then echo "monitoring-tools: needs root; apt-get install $(MONITORING_PACKAGES)"; exit 1; fi
	@RUNLEVEL=1 apt-get install -y --no-install-recommends $(MONITORING_PACKAGES)

build/otlp-venv/.installed: tests/monitoring/otlp_tools.txt
	@test -x build/otlp-venv/bin/pip || $(PYTHON) -m venv build/otlp-venv
	@build/otlp-venv/bin/pip install --quiet --quiet --requirement $<
	@touch $@
