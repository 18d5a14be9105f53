# Targets of the compose deployment; included by the Makefile, which knows PY and STAMP.

.PHONY: compose-test compose-check

compose-test: $(STAMP) ## Images and compose on a real Docker engine: commands, kills, flushall, scaling (LEGIS_PORT=5000)
	@$(PY) tests/compose/run.py
