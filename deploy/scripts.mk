# What proves the scripts and the runbook. Included by the Makefile.
.PHONY: test-scripts check-scripts backup-test restore-drill gameday

test-scripts: $(STAMP) ## The operators' scripts and the commands of runbook and API guide, for real
	@$(PYTEST) tests/scripts

check-scripts: ## shellcheck on every script (Debian: shellcheck)
	@shellcheck -x scripts/*.sh scripts/lib/*.sh deploy/monitoring/*.sh deploy/compose/pgbackrest/*.sh deploy/compose/postgres/*.sh tests/restore/*.sh

backup-test: $(STAMP) ## Backup, destroy, restore, and the API equal by checksum within 5 minutes (BILLS=100000)
	@cd tests && PYTHONPATH=.:load ../$(PY) scripts/backup_bench.py --bills $(or $(BILLS),100000) $(ARGS)

gameday: $(STAMP) ## The runbook's eight scenarios: injected, detected by its alert, resolved by its commands (ARGS="--only database")
	@$(PY) tests/gameday/run.py $(ARGS)

restore-drill: $(STAMP) build/restore-venv/.installed build/pgbackrest/pgbackrest ## Restore to a chosen second, after a lost disk and a lost archive: equal, RPO, RTO (BILLS=20000 CORPUS=folder)
	@$(PY) tests/restore/restore_drill.py --bills $(or $(BILLS),20000) $(if $(CORPUS),--corpus "$(abspath $(CORPUS))")

build/restore-venv/.installed: tests/restore/s3_tools.txt
	@test -x build/restore-venv/bin/pip || $(PYTHON) -m venv build/restore-venv
	@build/restore-venv/bin/pip install --quiet --quiet --requirement $<
	@touch $@

build/pgbackrest/pgbackrest: tests/restore/fetch_pgbackrest.sh
	@sh tests/restore/fetch_pgbackrest.sh build/pgbackrest
