# Everything on a fresh Debian 12 with a Swift toolchain: `make run` shows the filter at work,
# `make test` runs the whole suite, both mail servers included. Both need root.

SHELL := /bin/bash
SWIFT ?= swift
MTA ?= postfix
ENGINE ?= nio
SOURCES := Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources \
  Benchmarks/Package.swift Benchmarks/Sources

# Where `make install` puts things; DESTDIR goes before all of them.
PREFIX ?= /usr/local
BINDIR = $(PREFIX)/bin
SBINDIR = $(PREFIX)/sbin
LIBEXECDIR = $(PREFIX)/libexec/defang
SHAREDIR = $(PREFIX)/share
MANDIR = $(SHAREDIR)/man
DOCDIR = $(SHAREDIR)/doc/defang
SYSCONFDIR = /etc
UNITDIR = $(PREFIX)/lib/systemd/system
ZSHDIR = $(SHAREDIR)/zsh/site-functions
# What is installed and packed: release, which runs where no Swift is, or debug, for tests.
CONFIG ?= release
STATIC = $(if $(filter release,$(CONFIG)),--static-swift-stdlib --disable-local-rpath)
PRODUCTS = .build/$(CONFIG)
COMPLETIONS = .build/completions
DEBDIR = .build/deb$(if $(filter debug,$(CONFIG)),-debug)
COMMANDS := defangd defangctl defang-rulec

.PHONY: run test test-deb build release lint needs clean help install uninstall deb

help:
	@echo "make run      send sample messages through a real mail server (MTA=sendmail, ENGINE=libmilter)"
	@echo "make test     build, lint, and every test"
	@echo "make release  build the programs without need of an installed Swift"
	@echo "make install  install them (PREFIX, DESTDIR); make uninstall"
	@echo "make deb      the Debian package, in .build/deb; make test-deb tries it with both servers"
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

release:
	$(SWIFT) build -c release $(STATIC)

# Of what was built before (`make release`). A configuration that is there stays.
install:
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(SBINDIR) $(DESTDIR)$(LIBEXECDIR)
	install $(PRODUCTS)/defang-rulec $(DESTDIR)$(BINDIR)/
	install $(PRODUCTS)/defangd $(PRODUCTS)/defangctl $(DESTDIR)$(SBINDIR)/
	install $(PRODUCTS)/defang-unpack $(DESTDIR)$(LIBEXECDIR)/
	for section in 1 5 7 8; do \
	  install -D -m 644 -t $(DESTDIR)$(MANDIR)/man$$section docs/man/*.$$section || exit 1; done
	tools/make-completions.sh $(PRODUCTS) $(COMPLETIONS)
	for command in $(COMMANDS); do \
	  install -D -m 644 $(COMPLETIONS)/$$command.bash \
	    $(DESTDIR)$(SHAREDIR)/bash-completion/completions/$$command && \
	  install -D -m 644 $(COMPLETIONS)/_$$command $(DESTDIR)$(ZSHDIR)/_$$command && \
	  install -D -m 644 -t $(DESTDIR)$(SHAREDIR)/fish/vendor_completions.d \
	    $(COMPLETIONS)/$$command.fish || exit 1; done
	install -D -m 644 -t $(DESTDIR)$(DOCDIR) README.md NOTICE docs/*.md
	install -D -m 644 -t $(DESTDIR)$(DOCDIR)/examples contrib/*
	install -d $(DESTDIR)$(SHAREDIR)/defang
	cp -R rules $(DESTDIR)$(SHAREDIR)/defang/
	install -d $(DESTDIR)$(UNITDIR)
	sed 's,@SBINDIR@,$(SBINDIR),' packaging/defangd.service.in >$(DESTDIR)$(UNITDIR)/defangd.service
	install -D -m 644 packaging/sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/defang.conf
	install -D -m 644 packaging/tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/defang.conf
	install -d $(DESTDIR)$(SYSCONFDIR)/defang
	test -e $(DESTDIR)$(SYSCONFDIR)/defang/defangd.conf || \
	  install -m 644 packaging/defangd.conf $(DESTDIR)$(SYSCONFDIR)/defang/
	test -e $(DESTDIR)$(SYSCONFDIR)/defang/policy.rules || \
	  install -m 644 rules/starter.rules $(DESTDIR)$(SYSCONFDIR)/defang/policy.rules

# Configuration and state stay.
uninstall:
	rm -f $(addprefix $(DESTDIR)$(SBINDIR)/,defangd defangctl) $(DESTDIR)$(BINDIR)/defang-rulec
	rm -rf $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(SHAREDIR)/defang $(DESTDIR)$(DOCDIR)
	for page in docs/man/*.[1-8]; do \
	  rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; done
	for command in $(COMMANDS); do \
	  rm -f $(DESTDIR)$(SHAREDIR)/bash-completion/completions/$$command \
	    $(DESTDIR)$(ZSHDIR)/_$$command \
	    $(DESTDIR)$(SHAREDIR)/fish/vendor_completions.d/$$command.fish; done
	rm -f $(DESTDIR)$(UNITDIR)/defangd.service $(DESTDIR)$(PREFIX)/lib/sysusers.d/defang.conf \
	  $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/defang.conf

# debian/rules builds, installs below debian/defang and packs. CONFIG=debug packs what is built.
deb:
	@tools/install-needs.sh deb
	$(if $(filter release,$(CONFIG)),@tools/install-needs.sh build)
	chmod +x debian/rules
	CONFIG=$(CONFIG) DEBDIR=$(DEBDIR) PRODUCTS=$(PRODUCTS) fakeroot debian/rules clean binary
	@fakeroot debian/rules clean >/dev/null
	@ls -l $(DEBDIR)/*.deb

# The package with the static runtime, installed into a copy of this machine that runs systemd.
test-deb: needs deb
	for server in postfix sendmail; do \
	  tools/try-package.sh $(DEBDIR)/defang_*.deb $$server || exit 1; done

clean:
	rm -rf .build .build-mta
