# GoCommunicator. `make run` to try it, `make test` before you trust it, `make help`
# for the rest. Everything made lands in build/.

PORT      ?= 8080
TURN_PORT ?= 3478
ERP_PORT  ?= 8090
DIST      ?= build/dist
BASE      ?=
FUZZTIME  ?= 10s
VERSION   ?= 0.1.0

# The program in the page is the same whichever commit it was built at.
export GOFLAGS += -buildvcs=false

GOLANGCI_VERSION := v2.15.0
GOLANGCI := build/tools/golangci-lint-$(GOLANGCI_VERSION)
WASMTEST := build/tools/wasmtest
ESBUILD  := build/peers/node_modules/.bin/esbuild
JS       := GOOS=js GOARCH=wasm

# What libraries bring along and no page uses is left out of the program, and so are the
# lines of its source: app/overlay and app/strip say more. Both fit this version of Go;
# with another the page is larger. LINES=1 keeps the lines, for the trace of a crash, and
# the scripts and styles as they were written.
ifneq ($(filter go1.26%,$(shell go env GOVERSION)),)
OVERLAY := build/overlay.json
STRIP   := $(if $(LINES),,1)
endif

.DEFAULT_GOAL := help
.PHONY: help build run erp site npm deb test deps vet lint test-native test-wasm test-e2e test-long size bench fuzz docs peers clean FORCE

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: build/site/app.wasm ## build the page into build/site
	@find build/site -mindepth 1 -maxdepth 1 ! -name app.wasm -exec rm -r {} +
	@cp -Rp web/. build/site/
	@cat web/arbiter.js web/embed.js >build/site/embed.js
	@mkdir -p build/site/wasm_exec
	@cp -Rp wasm_exec/. build/site/wasm_exec/
	@cp -p "$$(go env GOROOT)/lib/wasm/wasm_exec.js" build/site/wasm_exec/
	@$(if $(LINES),,go run ./app/minify build/site)

build/site/app.wasm: $(OVERLAY) FORCE
	@mkdir -p build/site
	@$(JS) go build $(OVERLAY:%=-overlay %) -trimpath -gcflags=all=-l -ldflags "-s -w" -o build/app.wasm ./app
	@cp build/app.wasm $@ $(if $(STRIP),&& go run ./app/strip $@)

build/overlay.json: FORCE
	@mkdir -p build
	@app/overlay/overlay.sh >$@

run: build ## build and serve the page with SIP, TURN and echo (PORT, TURN_PORT)
	@go run ./app serve -port "$(PORT)" -turn-port "$(TURN_PORT)"

erp: build ## serve a small ERP that has the phone in its pages (PORT, TURN_PORT, ERP_PORT)
	@go run ./app erp -port "$(PORT)" -turn-port "$(TURN_PORT)" -erp-port "$(ERP_PORT)"

site: build ## write what a static host needs to DIST, to be served at BASE
	@go run ./app site -cache build/packed -dist "$(DIST)" -base "$(BASE)"

npm: ## pack the page and its element for npm, into build/npm (VERSION)
	@rm -rf build/npm
	@$(MAKE) --no-print-directory site DIST=build/npm/site BASE=
	@app/npm/pack.sh build/npm/site "$(VERSION)" build/npm

deb: build ## make the Debian package of the site, and have lintian look at it if it is there (VERSION)
	@rm -rf build/deb
	@go run ./app site -cache build/packed -dist build/deb/site -base /phone/ -place /usr/share/gocommunicator >/dev/null
	@app/site/deb.sh build/deb/site "$(VERSION)" build/deb
	@if command -v lintian >/dev/null; then lintian --fail-on error,warning --allow-root build/deb/*.deb; \
	else echo "not checked: lintian is not installed"; fi

test: deps vet lint build size test-native test-wasm test-e2e ## everything

deps: ## install what tests need (Debian, root), or say what is missing
	@app/e2e/deps.sh

vet:
	go vet ./...
	$(JS) go vet ./...

lint: $(GOLANGCI) ## golangci-lint, natively and for the page
	$(GOLANGCI) run ./...
	$(JS) $(GOLANGCI) run ./...

$(GOLANGCI):
	@mkdir -p build/tools
	GOBIN="$(CURDIR)/build/tools" go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv build/tools/golangci-lint $@

test-native: ## tests that need no browser, with the race detector
	go test -race $$(go list ./... | grep -v '/app/e2e')

test-wasm: $(WASMTEST) ## tests of what only a page has, in Chromium
	$(JS) go test -timeout 2m -p 1 -exec="$(CURDIR)/$(WASMTEST)" \
		$$(find . -path ./build -prune -o -name '*_js_test.go' -printf '%h\n' | sort -u)

$(WASMTEST): FORCE
	@mkdir -p build/tools
	@go build -o $@ ./app/e2e/wasmtest

test-e2e: build peers ## calls in real browsers through real servers (RUN=name for one)
ifdef RUN
	E2E_REQUIRED=1 go test -count=1 -timeout 40m -v -run '$(RUN)' ./app/e2e/...
else
	go test -count=1 $$(go list ./app/e2e/... | grep -v '/e2e$$')
	E2E_REQUIRED=1 app/e2e/halves.sh
endif

test-long: build peers ## the browser tests that have a long form, in it
	E2E_REQUIRED=1 E2E_LONG=1 go test -count=1 -timeout 30m -v -run 'LeaveNothingBehind|HeldManyTimes|WhatAVisitCosts' ./app/e2e

peers: build/peers/jssip.js build/peers/sipjs.js ## bundle the SIP clients of others for the tests

build/peers/%.js: app/e2e/peers/%.js app/e2e/peers/play.js $(ESBUILD)
	@NODE_PATH=build/peers/node_modules $(ESBUILD) $< --bundle --format=esm --define:global=globalThis \
		--log-level=warning --outfile=$@

$(ESBUILD): app/e2e/peers/package.json app/e2e/peers/package-lock.json
	@mkdir -p build/peers
	@cp $^ app/e2e/peers/.npmrc build/peers/
	@cd build/peers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

size: build ## what the page weighs, and whether that is too much
	@go run ./app/e2e/size build/site

bench: ## measure what has benchmarks
	go test -run '^$$' -bench . -benchmem ./...

fuzz: ## each fuzz target for FUZZTIME
	@grep -rlE '^func Fuzz' --include='*_test.go' app sipcore ui | while read -r file; do \
		for name in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]+).*/\1/p' "$$file"); do \
			go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) "./$$(dirname "$$file")" || exit 1; \
		done; \
	done

docs: ## write what is said of the settings, from their schema
	go test -run '^TestDocumentsAreWhatTheSchemaSays$$' ./app/config -update

clean: ## remove everything made
	rm -rf build
