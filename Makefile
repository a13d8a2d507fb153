# Everything on a fresh Debian 12 with a Swift toolchain: `make run` shows the filter at work,
# `make test` runs the whole suite, both mail servers included. Both need root.

SHELL := /bin/bash
SWIFT ?= swift
MTA ?= postfix
ENGINE ?= nio
SOURCES := Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources \
  Benchmarks/Package.swift Benchmarks/Sources

.PHONY: run test build lint needs clean help

help:
	@echo "make run      send sample messages through a real mail server (MTA=sendmail, ENGINE=libmilter)"
	@echo "make test     build, lint, and every test"
	@echo "make build lint clean"

needs:
	@tools/install-needs.sh

build: needs
	$(SWIFT) build

run: build
	@"$$($(SWIFT) build --show-bin-path)/first-mail" rules/starter.rules $(MTA) $(ENGINE)

lint:
	$(SWIFT) format lint --strict --recursive $(SOURCES)

# Tests at once. With all of them at once, what one waits for is spent on the others' work.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 6

# Tests that talk to servers run by themselves: they wait for real time-outs, and would share two
# processors with parsers at full speed.
WAITING := ScannersTests|ResolverTests|LiveChecksTests|FiguresTests|LogsTests
SERVING := MilterTests|ServiceTests|SubmissionTests|ControlCommandsTests
# One after the other: a thread of these waits for a task, which needs a thread too.
BLOCKING := PolicyMemoryTests|PolicyJudgeTests
test: needs
	$(SWIFT) build --build-tests
	$(MAKE) --no-print-directory lint
	tools/check-assembly.sh
	$(SWIFT) test --disable-xctest --skip-build --skip "EndToEndTests|$(WAITING)|$(SERVING)|$(BLOCKING)"
	$(SWIFT) test --disable-xctest --skip-build --filter "$(WAITING)" --skip "$(BLOCKING)"
	$(SWIFT) test --disable-xctest --skip-build --filter "$(SERVING)"
	$(SWIFT) test --disable-xctest --skip-build --no-parallel --filter "$(BLOCKING)"
	$(SWIFT) test --disable-xctest --skip-build --filter EndToEndTests

clean:
	rm -rf .build .build-mta
