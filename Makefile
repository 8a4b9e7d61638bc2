# What one does with Debrief from its source. `make` alone says what there is.
.DEFAULT_GOAL := help
.PHONY: help run test lint bench screenshots package ui

help: ## Says what there is.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

run: ## Installs what is missing, builds, and opens Debrief on your workspace.
	@scripts/run

test: ## Formatting, lints and every test, in real windows and browsers too.
	@scripts/test

lint: ui ## Formatting and lints alone.
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --features debrief-app/custom-protocol -- -D warnings
	npm --prefix ui run --silent lint
	npm --prefix ui run --silent check

bench: ## Prints how fast and large Debrief is, as ratios to bare parts.
	@scripts/bench

screenshots: ## Takes a picture of every screen into target/screenshots.
	@scripts/screenshots

package: ## Builds a .deb.
	@scripts/package

ui: ui/dist/index.html ## Builds the UI.

ui/node_modules/.package-lock.json: ui/package-lock.json
	npm --prefix ui ci --no-audit --no-fund
	@touch $@

# The pages that the app shows and the server serves.
ui/dist/index.html: ui/node_modules/.package-lock.json ui/index.html ui/package.json ui/vite.config.ts \
		$(shell find ui/src ui/public src-tauri/crates/api/bindings -type f 2>/dev/null)
	npm --prefix ui run --silent build
	@touch $@
