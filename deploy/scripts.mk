# What proves the scripts and the runbook. Included by the Makefile.
.PHONY: test-scripts check-scripts backup-test gameday

test-scripts: $(STAMP) ## The operators' scripts and the commands of runbook and API guide, for real
	@$(PYTEST) tests/scripts

check-scripts: ## shellcheck on every script (Debian: shellcheck)
	@shellcheck -x scripts/*.sh scripts/lib/*.sh deploy/monitoring/*.sh

backup-test: $(STAMP) ## Backup, destroy, restore, and the API equal by checksum within 5 minutes (BILLS=100000)
	@cd tests && PYTHONPATH=.:load ../$(PY) scripts/backup_bench.py --bills $(or $(BILLS),100000) $(ARGS)

gameday: $(STAMP) ## The runbook's five scenarios: injected, detected by its alert, resolved by its commands (ARGS="--only database")
	@$(PY) tests/gameday/run.py $(ARGS)
