SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build demo test stack-up stack-down docs clients protocol lint format requirements clean

FAULTLINE := .build/release/faultline

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: ## Install what the build and the native stack need, where it is missing
	@compose/native/setup.sh

build: setup ## Build faultline in release
	swift build -c release --product faultline

demo: build ## Show what faultline does, on the native stack
	$(FAULTLINE) demo

# One stack for all, so one test at a time.
# Tests use no @testable, so the program and the tests share every object. Both are named, because a build of everything makes
# the tools of all dependencies too, a compiler for protocol buffers in C++ among them.
test: setup ## Run all tests against the native stack
	swift build -c release --product faultline
	swift build -c release --product faultlinePackageTests
	@trap '$(FAULTLINE) stack down --quiet' EXIT; trap 'exit 130' INT; trap 'exit 143' TERM HUP; \
	$(FAULTLINE) stack up; \
	FAULTLINE_BINARY="$$PWD/$(FAULTLINE)" swift test -c release --skip-build --no-parallel $(TEST_OPTIONS)

stack-up: build ## Start the native stack
	$(FAULTLINE) stack up

stack-down: ## Stop the native stack
	$(FAULTLINE) stack down

docs: build ## Write what docs/faults.md has of the faults
	$(FAULTLINE) faults --format markdown --into docs/faults.md

clients: setup ## Write what docs/clients.md has of clients and faults
	swift build -c release --product faultline
	swift build -c release --product faultlinePackageTests
	@trap '$(FAULTLINE) stack down --quiet' EXIT; trap 'exit 130' INT; trap 'exit 143' TERM HUP; \
	$(FAULTLINE) stack up; \
	FAULTLINE_CLIENTS_INTO="$$PWD/docs/clients.md" swift test -c release --skip-build --no-parallel --filter ClientPageTests

# Wants protoc (Debian: protobuf-compiler); the plugins are those of the packages in use.
protocol: ## Make Swift of Temporal's .proto files, and what tests compare with the server
	swift build -c release --product protoc-gen-swift
	swift build -c release --product protoc-gen-grpc-swift-2
	cd Sources/Temporal/Protocol && protoc -I . $$(find temporal -name '*.proto') \
		--plugin=../../../.build/release/protoc-gen-swift --plugin=../../../.build/release/protoc-gen-grpc-swift-2 \
		--swift_out=../Generated --swift_opt=FileNaming=PathToUnderscores,UseAccessLevelOnImports=true \
		--grpc-swift-2_out=../Generated \
		--grpc-swift-2_opt=FileNaming=PathToUnderscores,UseAccessLevelOnImports=true,Server=false \
		--include_imports --descriptor_set_out=../../../Tests/TemporalTests/Reflection/temporal.protoset
	grep -l 'contained no services' Sources/Temporal/Generated/*.grpc.swift | xargs -r rm

lint: ## Check the sources' format
	swift format lint --strict --parallel -r Package.swift Sources Tests

format: ## Bring the sources into format
	swift format -i --parallel -r Package.swift Sources Tests

requirements: ## Choose newer Python packages: writes compose/native/requirements.txt and those of clients/
	@tool=$$(mktemp -d); trap 'rm -rf "$$tool"' EXIT; \
	/usr/bin/python3 -m venv "$$tool" && "$$tool/bin/pip" install --quiet uv && cd compose/native && \
	for list in requirements.in clients/*.in; do \
		"$$tool/bin/uv" pip compile --upgrade --python /usr/bin/python3 --generate-hashes --only-binary :all: \
			--no-annotate --no-emit-index-url --no-emit-find-links --override overrides.txt \
			--custom-compile-command "make requirements" --quiet "$$list" -o "$${list%.in}.txt"; \
	done

clean: ## Delete what was built, and the native stack with its data
	@if [[ -x $(FAULTLINE) ]]; then $(FAULTLINE) stack down --purge --quiet; fi
	rm -rf .build .faultline
