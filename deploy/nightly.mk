# Gates beyond `make check` and `make test`: a fast part for every commit, everything long at night. Included by the Makefile.
.PHONY: ops-check-fast nightly

##@ Gates

# What needs neither a system that runs nor the thousand combinations of manifests.
ops-check-fast: compose-check check-scripts $(STAMP) $(OPS_TOOLS)/kubectl ## The fast part of ops-check, for every commit: Dockerfiles, YAML, scripts, rules, routes, both overlays (under 5 minutes)
	@promtool check rules deploy/monitoring/prometheus/rules/*.yml >/dev/null && promtool test rules deploy/monitoring/prometheus/rules/tests/*.yml >/dev/null
	@amtool check-config deploy/monitoring/alertmanager/alertmanager.yml >/dev/null
	@$(PYTEST) tests/k8s/test_overlays.py
	@echo "ops-check-fast: nothing to say"

NIGHTLY := check:10 test:60 ops-check:60 chaos:60 twin:150 twin-mutants:60 chaos-mutants:60 rolling:30 matrix:60 hostile:30 fairness:15 \
	overload:15 manners:15 search-model:60 backup-test:30 restore-drill:30 gameday:30 cluster-test:30 api-check:180 clients-test:30 browser-test:60 audit:10 sbom:10 compose-test:90 \
	search-fuzz:60 notify-load:30 export-bench:30 backfill-recordings:30 bench:180

nightly: ## Everything long, one after the other, with one table at the end; logs in build/nightly (NIGHTLY="chaos:60 gameday:30")
	@$(PYTHON) deploy/nightly.py build/nightly $(NIGHTLY)
