# The pages in a real browser. Included by the Makefile.
BROWSER_TOOLS := build/browser-tools
TRIED := $(if $(RUN),LEGIS_TRIED_RUN=$(abspath $(RUN)))

.PHONY: browser-test browser-figures browser-tools screenshots

##@ Pages

browser-test: $(STAMP) $(BROWSER_TOOLS)/.installed ## Every page in Chromium: axe, HTML, budget, keyboard, themes, widths, no JavaScript (T=tests/browser/test_…; RUN=folder of a running sample)
	@$(TRIED) $(PYTEST) --timeout 1800 $(or $(T),tests/browser)

browser-figures: $(STAMP) ## Bytes, movement and time of the largest paint of the main pages, at a processor four times slower
	@cd tests && $(TRIED) PYTHONPATH=. ../$(PY) -m browser.figures

browser-tools: $(BROWSER_TOOLS)/.installed

screenshots: $(STAMP) ## The pictures of README.md and the picture that shared links show, anew
	@cd tests && $(TRIED) PYTHONPATH=. ../$(PY) -m browser.pictures

$(BROWSER_TOOLS)/.installed: tests/browser/package.json $(CLIENT_TOOLS)/.installed
	@mkdir -p $(BROWSER_TOOLS) && cp tests/browser/package.json tests/browser/htmlvalidate.json $(BROWSER_TOOLS)/
	@export PATH="$(abspath $(CLIENT_TOOLS)/bin):$$PATH"; cd $(BROWSER_TOOLS) && npm install --silent --ignore-scripts --no-audit --no-fund --no-package-lock
	@touch $@
