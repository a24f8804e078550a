# `make run` and `make test` are all that is needed; `make help` lists the rest.
.DEFAULT_GOAL := help
HELPLINE := .venv/bin/helpline
.PHONY: help run chat test train check lint finetune tune evaluate bench bench-quick screenshots lock clean

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/.ready: requirements.lock pyproject.toml scripts/setup
	@sh scripts/setup

run: .venv/.ready ## set up, train if needed, start the assistant
	@$(HELPLINE) run

chat: .venv/.ready ## talk to the assistant in the terminal
	@$(HELPLINE) chat

test: .venv/.ready lint ## set up and run every test
	@$(HELPLINE) train
	@.venv/bin/python -m pytest

train: .venv/.ready ## train the model, if it is older than its sources
	@$(HELPLINE) train

check: .venv/.ready ## check the knowledge base
	@$(HELPLINE) knowledge check

lint: .venv/.ready ## check style and types
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check .
	@.venv/bin/mypy --no-error-summary helpline actions

finetune: .venv/.ready ## teach the sentence encoder all examples anew (50 minutes)
	@$(HELPLINE) finetune

tune: .venv/.ready ## find the router's thresholds on the development set
	@$(HELPLINE) train
	@$(HELPLINE) tune tests/sets/dev.jsonl tests/sets/safety_dev.jsonl

evaluate: .venv/.ready ## judge the assistant by the test set (never tune on it)
	@$(HELPLINE) train
	@$(HELPLINE) evaluate tests/sets/test.jsonl

bench: .venv/.ready ## remake the figures that the docs quote
	@.venv/bin/python bench/times.py
	@.venv/bin/python bench/retrieval.py
	@.venv/bin/python bench/questions.py
	@.venv/bin/python bench/safety.py
	@.venv/bin/python bench/screen.py
	@.venv/bin/python bench/streams.py
	@.venv/bin/python bench/desk.py
	@.venv/bin/python bench/examples.py
	@.venv/bin/python bench/starter.py
	@.venv/bin/python bench/turn.py
	@.venv/bin/python bench/growth.py
	@.venv/bin/python bench/field.py

bench-quick: .venv/.ready ## try every benchmark on little, and write nothing
	@$(HELPLINE) train
	@.venv/bin/python bench/examples.py --quick
	@.venv/bin/python bench/starter.py --quick
	@.venv/bin/python bench/growth.py --quick
	@.venv/bin/python bench/field.py --quick

screenshots: .venv/.ready ## remake the pictures of the chat and the desk in docs/screenshots
	@$(HELPLINE) train
	@.venv/bin/python bench/screenshots.py
	@.venv/bin/python bench/desk_screenshots.py

lock: .venv/.ready ## resolve pyproject.toml into requirements.lock
	@sh scripts/lock

clean: ## remove models, caches and the environment (not var/, which holds conversations)
	@rm -rf .venv .build .rasa models .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
