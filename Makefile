# Two commands matter: `make demo` and `make test`. `make help` lists all.
PYTHON ?= python3.11
UV_VERSION := 0.13.9
LOCK ?= requirements.lock
PORT ?= 8000
CLUSTER_PORT := $(if $(filter command line,$(origin PORT)),$(PORT),8080)
N ?= 200
VENV := .venv
RUN := $(VENV)/bin/python -m deploy.launcher

.PHONY: help demo test lint rehearse bench chaos cluster reset otp lock
.DEFAULT_GOAL := help

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z].*:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# pip brings the pinned uv, uv brings the hash-pinned lock; the stamp names the lock that was installed.
.PHONY: .venv
.venv: ## make or renew the Python environment
	@deploy/venv.sh "$(PYTHON)" "$(UV_VERSION)" "$(LOCK)"

demo: .venv ## start everything on http://127.0.0.1:$(PORT)
	@exec $(RUN) demo --port $(PORT)

test: ## lint, types and every test, on servers of their own
	@$(MAKE) --no-print-directory .venv LOCK=requirements-test.lock
	@exec $(RUN) test

lint: ## ruff, djlint and mypy only
	@$(MAKE) --no-print-directory .venv LOCK=requirements-test.lock
	@exec $(RUN) lint

rehearse: .venv ## play a whole selection: N=200 CATALOGUE=file.xlsx
	@exec $(RUN) rehearse --number $(N) $(if $(CATALOGUE),--catalogue "$(CATALOGUE)") $(if $(SEED),--seed $(SEED))

bench: ## measure the hall, the room and the board: BENCH_ONLY=ad BENCH_ROUNDS=1
	@$(MAKE) --no-print-directory .venv LOCK=requirements-test.lock
	@exec $(RUN) bench

chaos: ## kill everything in turn under a full hall: ONLY=kills,database
	@$(MAKE) --no-print-directory .venv LOCK=requirements-test.lock
	@exec $(RUN) chaos $(if $(ONLY),--only "$(ONLY)")

cluster: .venv ## production's shape on loopback: nginx, two web processes, workers (PORT=8080)
	@exec $(RUN) cluster --port $(CLUSTER_PORT)

reset: ## wipe the demo's data (YES=1 does not ask)
	@if [ -x $(VENV)/bin/python ]; then exec $(RUN) reset $(if $(YES),--yes); else echo "Nothing to wipe."; fi

otp: ## print a demo login's current second-factor code: ROLE=ketua
	@exec $(RUN) otp "$(ROLE)"

lock: ## renew both locks from pyproject.toml
	@$(MAKE) --no-print-directory .venv LOCK=requirements-test.lock
	@deploy/lock.sh
