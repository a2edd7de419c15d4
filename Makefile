# The only task runner. Everything here is a thin name for a command that also works alone.

.DEFAULT_GOAL := help
.PHONY: help run test soak bench lint fmt deny

CARGO ?= cargo
# What `make run` starts; `make run ARGS="doctor"` starts something else.
ARGS ?= tour
# How many cases a property test tries in `make soak` (256 in `make test`).
PROPTEST_CASES ?= 20000
# How often `make soak` kills the queue's workers (50 times in `make test`).
PLIMSOLL_KILLS ?= 500
export CARGO

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | \
	  while IFS='|' read -r target what; do printf '  %-12s %s\n' "$$target" "$$what"; done

run: ## build and start Plimsoll (until there is a server: the tour on bundled data)
	@scripts/prerequisites cargo cc git
	@$(CARGO) run --locked --profile quick --package plimsoll -- $(ARGS)

test: ## run every test; the last line is `N passed, N failed`
	@scripts/prerequisites cargo cc git
	@$(CARGO) xtask test

soak: ## the same with many more cases per property (PROPTEST_CASES) and kills (PLIMSOLL_KILLS)
	@scripts/prerequisites cargo cc git
	@PROPTEST_CASES=$(PROPTEST_CASES) PLIMSOLL_KILLS=$(PLIMSOLL_KILLS) $(CARGO) xtask test

bench: ## measure Plimsoll and its peers on the same data; prints ratios
	@scripts/prerequisites cargo cc git python3
	@python3 bench/run.py

lint: ## formatting, clippy, house rules, licences of dependencies
	@scripts/prerequisites cargo cc git rustfmt clippy
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	@$(CARGO) xtask tidy
	@$(MAKE) --no-print-directory deny

# Part of `lint`. Optional, because building cargo-deny takes minutes.
deny:
	@if $(CARGO) deny --version >/dev/null 2>&1; then \
	  $(CARGO) deny --locked check licenses bans sources; \
	else \
	  echo 'deny: skipped, cargo-deny is not installed: cargo install --locked cargo-deny@0.20'; \
	fi

fmt: ## format all Rust code
	@scripts/prerequisites cargo rustfmt
	@$(CARGO) fmt --all
