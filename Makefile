# SPDX-License-Identifier: GPL-3.0-or-later
#
# tracebench: build, test, install.  `make help` lists what there is to ask for.

NAME	:= tracebench

# ---- What the caller may choose -------------------------------------------

## Variables:
##   V=1                 show whole commands
##   O=DIR               put everything generated into DIR (default: build)
##   SAN=address|undefined|thread
##                       build with a sanitizer, into build/SAN; address
##                       brings undefined with it
##   SOFT=1              build without hardening, into build/soft, to see what
##                       that costs (tools/bench/hardening)
##   WERROR=1            warnings are errors
##   HTML=0              build without the HTML report, which takes Node.js and npm
##   PREFIX=DIR DESTDIR=DIR
##                       where install puts things (default: /usr/local)
##   REVISION=TEXT       what --version calls the commit (default: what git says)
##   SUITES='unit ...'   what `make test` runs (unit engine cli kernel faults;
##                       models browser vm fleet)
##   FAULTS_ROUNDS=N     how often the fault tests end each party
##   REQUIRE=bpf         a test that skips for want of BPF fails
SAN	?=
SOFT	?=
O	?= build$(if $(SAN),/$(SAN),$(if $(SOFT),/soft))
PREFIX	?= /usr/local
SUITES	?= unit engine cli kernel faults
CC	:= $(if $(filter default,$(origin CC)),gcc,$(CC))
HTML	?= 1
CLANG	?= clang
BPFTOOL	?= bpftool

# Debian keeps bpftool in /usr/sbin, which an ordinary user's PATH lacks.
export PATH := $(PATH):/usr/sbin:/sbin

# The only binary outside $(O): `sudo ./tracebench` is what people type.
BIN	:= $(if $(filter build,$(O)),$(NAME),$(O)/$(NAME))

ifneq ($(filter-out address undefined thread,$(SAN)),)
$(error SAN=$(SAN): choose address, undefined or thread)
endif

# As many jobs as there are CPUs, unless the caller or the make above decided.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif
MAKEFLAGS += --no-builtin-rules

Q	:= $(if $(filter 1,$(V)),,@)
say	= @$(if $(filter 1,$(V)),:,printf '  %-7s %s\n' $(1) '$(2)')

# ---- Flags ----------------------------------------------------------------

# pkg-config may not be there yet (`make demo` installs it), hence the silence:
# the rule for $(O)/flags speaks up when a build is tried without it.
LIBRARIES := libbpf liburing jansson smartcols hwloc gsl libseccomp libdw zlib libprotobuf-c
pkg	= $(shell pkg-config $(1) 2>/dev/null)

# Generated headers are system headers, so that no warning of ours applies to
# what bpftool wrote.
CPPFLAGS_ALL := -D_GNU_SOURCE -Iuser -Iinclude -isystem $(O) -isystem $(O)/bpf \
	$(call pkg,--cflags $(LIBRARIES)) $(CPPFLAGS)

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes \
	-Wstrict-prototypes $(if $(filter 1,$(WERROR)),-Werror)

ifneq ($(SAN),)
SANITIZERS := $(SAN:address=address,undefined)
HARDEN	:= -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-fsanitize=$(SANITIZERS) -fPIE
HARDEN_LINK := -fsanitize=$(SANITIZERS) -pie
else ifneq ($(SOFT),)
# Said in full, for these are what some compilers do by themselves.
HARDEN	:= -O2 -U_FORTIFY_SOURCE -fno-stack-protector -fno-pie
HARDEN_LINK := -no-pie -Wl,-z,norelro -Wl,-z,lazy
else
HARDEN	:= -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDEN_LINK := -pie -Wl,-z,relro -Wl,-z,now
endif

CSTD	:= -std=gnu11
CFLAGS_ALL := $(CSTD) -g $(HARDEN) -pthread $(WARNINGS) $(CFLAGS)
# A timed loop of a few instructions takes twice as long where it crosses a cache line (0.65 ns an
# increment, not 0.33), and a line of code added anywhere may move it there.  Aligned by a jump's
# target too, for that is where most are entered, and however often gcc thinks that they go round.
ALIGN_LOOPS := -falign-loops=64 -falign-jumps=64 --param=align-loop-iterations=1
LDFLAGS_ALL := $(HARDEN_LINK) -pthread $(LDFLAGS)
LDLIBS_ALL := $(call pkg,--libs $(LIBRARIES)) -lm $(LDLIBS)
CHECK_LIBS := $(call pkg,--libs check)
PROTOC_C ?= protoc-c

MACHINE	:= $(shell uname -m)
BPF_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(MACHINE)))
# clang 14 crashes below v3 on a used __sync_fetch_and_add result.  The target
# bpf predefines no machine, and the C library's headers ask for one.
BPF_CFLAGS_ALL := -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_$(BPF_ARCH) \
	-D__$(MACHINE)__ -Wall -Werror -Iinclude \
	-I/usr/include/$(shell gcc -print-multiarch 2>/dev/null) $(BPF_CFLAGS)

# ---- Sources --------------------------------------------------------------

# Each of these is a skeleton of its own; every other bpf/*.bpf.c is a part of
# the probe.
BPF_ALONE := $(filter feature empty,$(patsubst bpf/%.bpf.c,%,$(wildcard bpf/*.bpf.c)))
BPF_PROBE := $(filter-out $(BPF_ALONE),$(patsubst bpf/%.bpf.c,%,$(wildcard bpf/*.bpf.c)))
SKELETONS := $(patsubst %,$(O)/bpf/%.skel.h,$(BPF_ALONE) $(if $(BPF_PROBE),probe))

# What user/perfetto/trace.proto becomes.
PERFETTO := $(O)/perfetto/trace.pb-c

USER_C	:= $(filter-out user/main.c,$(wildcard user/*.c user/*/*.c))
TESTLIB_C := $(wildcard tests/lib/*.c tests/stress/*.c)
CHECK_C	:= $(wildcard tests/unit/*.c tests/engine/*.c)
TAP_C := $(wildcard tests/kernel/*.c tests/faults/*.c)
BENCH_C	:= $(wildcard tools/bench/*.c)
BENCHLIB_C := $(wildcard tools/bench/lib/*.c)

LIB	:= $(O)/libtracebench.a
TESTLIB	:= $(if $(TESTLIB_C),$(O)/libtests.a)
CHECK_BIN := $(CHECK_C:%.c=$(O)/%)
TAP_BIN := $(TAP_C:%.c=$(O)/%)
BENCH_BIN := $(BENCH_C:tools/bench/%.c=$(O)/bench/%)
MAN	:= $(O)/docs/$(NAME).1
OBJECTS	:= $(PERFETTO).o $(patsubst %.c,$(O)/%.o,user/main.c $(USER_C) $(TESTLIB_C) $(CHECK_C) \
	$(TAP_C) tests/browser/made_up.c $(BENCH_C) $(BENCHLIB_C))

# What the HTML report embeds is the same in every build of this checkout.
ASSETS	:= $(if $(filter build/%,$(O)),build,$(O))/report-assets
ASSET_SOURCES := $(wildcard tools/report-assets/*.* tools/report-assets/build \
	tools/report-assets/src/*)

# ---- Targets --------------------------------------------------------------

.PHONY: all html setup setup-full setup-package skeletons demo check check-full check-faults check-san \
	check-address check-thread check-models check-formats check-browser check-vm check-fleet \
	test tests lint bench seed docs install install-built uninstall deb clean help \
	print-cppflags FORCE
.DELETE_ON_ERROR:

# `make clean all`, `make check lint`: one after the other, as written.
ifneq ($(filter-out 0 1,$(words $(MAKECMDGOALS))),)
.NOTPARALLEL:
endif

## Targets:
##   all          the program (default)
all: $(BIN)

##   html         make once more what the HTML report embeds: without it nothing tries again
html:
	$(Q)rm -f $(ASSETS)/page.js
	$(Q)$(MAKE) --no-print-directory $(ASSETS)/page.js

##   setup        install the Debian packages that are missing
setup:
	$(Q)tools/setup

##   setup-full   the same, and those that only check-vm and check-browser need
setup-full:
	$(Q)tools/setup --full

##   setup-package the same as setup, and those that only docs and deb need
setup-package:
	$(Q)tools/setup --package

##   demo         setup, build, then one real session
# Recursive, because what setup installs changes what this file computes.
demo: setup
	$(Q)$(MAKE) --no-print-directory all
	$(Q)if [ "$$(id -u)" -ne 0 ] && command -v sudo >/dev/null && sudo -v; \
		then sudo $(abspath $(BIN)); else $(abspath $(BIN)); fi

##   check        setup, build, every test
check: setup
	$(Q)$(MAKE) --no-print-directory test

##   check-full   check, many more faults, the tests under the sanitizers, models, promtool,
##                browser, other kernels, several hosts
check-full: check
	$(Q)$(MAKE) --no-print-directory check-faults
	$(Q)$(MAKE) --no-print-directory check-san
	$(Q)$(MAKE) --no-print-directory check-models
	$(Q)$(MAKE) --no-print-directory check-formats
	$(Q)$(MAKE) --no-print-directory check-browser
	$(Q)$(MAKE) --no-print-directory check-vm
	$(Q)$(MAKE) --no-print-directory check-fleet

##   check-faults only the fault tests, ten minutes of them
check-faults: setup
	$(Q)$(MAKE) --no-print-directory test SUITES=faults FAULTS_ROUNDS=300 TEST_TIMEOUT=1200

##   check-san    only the sanitizers' part of check-full: check-address, check-thread
check-san: setup
	$(Q)$(MAKE) --no-print-directory check-address
	$(Q)$(MAKE) --no-print-directory check-thread

check-address: setup
	$(Q)$(MAKE) --no-print-directory test SAN=address SUITES='unit engine cli faults' \
		FAULTS_ROUNDS=8

check-thread: setup
	$(Q)$(MAKE) --no-print-directory test SAN=thread SUITES=engine

##   check-models only the models' part of check-full: tests/models, by spin
check-models: setup
	$(Q)$(MAKE) --no-print-directory test SUITES=models

##   check-formats only what sessions are exported as, by promtool too, which is downloaded
check-formats: setup
	$(Q)$(MAKE) --no-print-directory all
	$(Q)promtool=$$(tools/promtool $(O)/promtool) && \
		PROMTOOL=$$promtool TRACEBENCH=$(abspath $(BIN)) tests/run tests/cli/formats.sh

##   check-vm     kernel tests and a session on Linux 6.1 and 6.12, in qemu; needs no rights
check-vm: setup-full
	$(Q)$(MAKE) --no-print-directory test SUITES=vm TEST_TIMEOUT=900

##   check-fleet  a session on several hosts that are namespaces; root and sshd, else it skips
check-fleet: setup
	$(Q)$(MAKE) --no-print-directory test SUITES=fleet TEST_TIMEOUT=600

##   check-browser  the HTML report in headless Chromium, which setup-full installs
check-browser: setup-full
	$(Q)$(MAKE) --no-print-directory test SUITES=browser

##   test         the tests of SUITES, without setup
suite	= $(if $(filter $(1),$(SUITES)),$(filter $(2),$(CHECK_BIN) $(TAP_BIN) \
	$(wildcard tests/cli/*.sh tests/models/*.sh tests/browser/*.sh tests/vm/linux-*.sh \
	tests/fleet/*.sh)))
ROOT_CLI := tests/cli/privilege.sh tests/cli/file-rights.sh
# Interruptions, limits and a pace are told by what else runs.
ALONE_CLI := tests/cli/interrupt.sh tests/cli/limits.sh tests/cli/shape.sh
TESTS	:= $(call suite,engine,$(O)/tests/engine/%) \
	$(call suite,cli,$(ALONE_CLI)) \
	$(call suite,models,tests/models/%) $(call suite,browser,tests/browser/%) \
	$(call suite,vm,tests/vm/%)
# Most of these wait for their races most of the time.
BESIDE_TESTS := $(call suite,unit,$(O)/tests/unit/%) \
	$(filter-out $(ROOT_CLI) $(ALONE_CLI),$(call suite,cli,tests/cli/%))
TEST_JOBS ?= 3
ROOT_TESTS := $(call suite,cli,$(ROOT_CLI)) $(call suite,kernel,$(O)/tests/kernel/%) \
	$(call suite,faults,$(O)/tests/faults/%) $(call suite,fleet,tests/fleet/%)

# Sanitized programs are several times slower, and gcc 12's thread sanitizer
# gives up where the kernel randomises addresses more than it expects.
TEST_TIMEOUT ?= $(if $(SAN),300,120)
ifeq ($(SAN),thread)
LAUNCH	:= $(shell setarch -R true 2>/dev/null && echo setarch -R)
# A report in an arena, whose exit status a killed race overrides, must not pass.
export TSAN_OPTIONS := halt_on_error=1
endif

# What a guest is given to run.
GUEST_BIN := $(if $(filter vm,$(SUITES)),$(filter $(O)/tests/kernel/%,$(TAP_BIN)))

# The program as it is where there was no Node.js, and a session that no run has made.
WITHOUT_HTML := $(O)/tests/without-html
MADE_UP := $(O)/tests/made-up

test: $(filter $(O)/%,$(TESTS) $(BESIDE_TESTS) $(ROOT_TESTS)) $(GUEST_BIN) $(if $(filter cli,$(SUITES)),$(WITHOUT_HTML)) \
		$(if $(filter browser,$(SUITES)),$(MADE_UP)) $(if $(wildcard user/main.c),$(BIN))
	$(Q)TRACEBENCH=$(abspath $(BIN)) BUILT=$(abspath $(O)) $(LAUNCH) tests/run -t $(TEST_TIMEOUT) \
		-j $(TEST_JOBS) $(TESTS) --beside $(BESIDE_TESTS) --root $(ROOT_TESTS)

##   tests        build every test, run none
tests: $(CHECK_BIN) $(TAP_BIN) $(WITHOUT_HTML) $(MADE_UP)

##   lint         format, static analysis, layers, licenses
lint: setup
	$(Q)tools/lint

##   bench        build tools/bench/* into build/bench/
bench: $(BENCH_BIN)

##   seed         the seed document's programs in Python, and --preset=seed beside them
seed: $(BIN)
	$(Q)tools/seed/beside --tracebench=$(abspath $(BIN))

##   docs         the man page, and the same as HTML, in build/docs/
docs: setup-package
	$(Q)$(MAKE) --no-print-directory $(MAN) $(MAN).html

##   install      into DESTDIR/PREFIX: program, man page, completion, documents
# The man page takes a Ruby interpreter to write, which is no reason not to have the program.
install: $(BIN) $(if $(shell command -v asciidoctor),$(MAN) $(MAN).html)
	$(if $(shell command -v asciidoctor),,$(Q)echo '  NOTE    no man page without asciidoctor; `make docs` installs that')
	$(Q)$(MAKE) --no-print-directory install-built

# Where each goes, below DESTDIR/PREFIX. What is installed as one folder is removed as one.
MAN_DIR	:= share/man/man1
COMPLETION := share/bash-completion/completions/$(NAME)
DOC_DIR	:= share/doc/$(NAME)
into	= $(DESTDIR)$(PREFIX)/$(1)

install-built:
	$(call say,INSTALL,$(call into,bin/$(NAME)))
	$(Q)install -D -m 755 $(BIN) $(call into,bin/$(NAME))
	$(Q)install -D -m 644 completions/$(NAME).bash $(call into,$(COMPLETION))
	$(Q)install -d $(call into,$(DOC_DIR)/docs)
	$(Q)install -m 644 README.md CONTRIBUTING.md LICENSE $(call into,$(DOC_DIR))
	$(Q)install -m 644 $(wildcard docs/*.*) $(call into,$(DOC_DIR)/docs)
	$(Q)if [ -e $(MAN) ]; then install -D -m 644 $(MAN) $(call into,$(MAN_DIR)/$(NAME).1) && \
		install -m 644 $(MAN).html $(call into,$(DOC_DIR)); fi

##   uninstall    what install put there
uninstall:
	$(call say,REMOVE,$(call into,bin/$(NAME)))
	$(Q)rm -f $(call into,bin/$(NAME)) $(call into,$(MAN_DIR)/$(NAME).1) $(call into,$(COMPLETION))
	$(Q)rm -rf $(call into,$(DOC_DIR))

##   deb          a Debian package of the last commit, in build/deb/
deb: setup-package
	$(Q)tools/deb $(O)/deb

##   clean        everything generated
clean:
	$(call say,CLEAN,$(O) $(BIN))
	$(Q)rm -rf $(O) $(BIN)

##   help         this text
help:
	@sed -n 's/^## \{0,1\}//p' Makefile

# For linters and editors: what a compiler must know to read user/ and tests/.
print-cppflags:
	@echo $(CSTD) $(CPPFLAGS_ALL) -Itests

# ---- Rules: BPF -----------------------------------------------------------

skeletons: $(SKELETONS) $(O)/revision.h $(PERFETTO).h

$(O)/bpf/%.part.o: bpf/%.bpf.c $(O)/flags
	$(call say,BPF,$<)
	$(Q)$(CLANG) $(BPF_CFLAGS_ALL) -MD -MP -c $< -o $@

# Through bpftool's linker even where one object is all there is: it drops the
# debugging sections that libbpf has no use for and keeps BTF.
$(O)/bpf/probe.bpf.o: $(BPF_PROBE:%=$(O)/bpf/%.part.o) $(O)/sources
	$(call say,BPFLINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $(filter %.part.o,$^)

$(BPF_ALONE:%=$(O)/bpf/%.bpf.o): %.bpf.o: %.part.o
	$(call say,BPFLINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $<

$(O)/bpf/%.skel.h: $(O)/bpf/%.bpf.o
	$(call say,SKEL,$@)
	$(Q){ echo '// NOLINTBEGIN' && $(BPFTOOL) gen skeleton $< name $*_bpf && \
		echo '// NOLINTEND'; } > $@

# ---- Rules: C -------------------------------------------------------------

# Private: else $(O)/flags would have them too, or not, by who asks for it first.
$(O)/user/strategy/%.o $(O)/tools/bench/%.o: private CFLAGS_ALL += $(ALIGN_LOOPS)

# It holds that file (.incbin), which no compiler notes.
$(O)/user/session/schema.o: docs/session.schema.json

# -MD, not -MMD: the latter leaves out what -isystem finds, and a new skeleton
# must rebuild its user.  The first build has no .d files yet and is ordered by
# the prerequisites behind the bar.
$(O)/%.o: %.c $(O)/flags | $(SKELETONS) $(O)/revision.h $(PERFETTO).h
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(if $(filter tests/%,$<),-Itests) \
		$(if $(filter tools/bench/%,$<),-Itools/bench) $(CFLAGS_ALL) \
		-MD -MP -c $< -o $@

$(PERFETTO).h: user/perfetto/trace.proto $(O)/flags
	$(call say,PROTO,$<)
	@mkdir -p $(@D)
	$(Q)$(PROTOC_C) --c_out=$(@D) --proto_path=$(<D) $<

$(PERFETTO).c: $(PERFETTO).h ;

# No warning of ours is about what a compiler wrote.
$(PERFETTO).o: $(PERFETTO).c $(O)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -w -MD -MP -c $< -o $@

# What the compiler cannot see: the files that are embedded, and whether they are at all.
ifneq ($(HTML),0)
$(O)/user/report/html_assets.o: private CPPFLAGS_ALL += -DHTML_ASSETS='"$(ASSETS)"'
$(O)/user/report/html_assets.o: $(ASSETS)/page.js
endif
$(O)/user/report/html_assets.o: $(O)/html

$(ASSETS)/page.js: $(ASSET_SOURCES)
	$(call say,HTML,$@)
	$(Q)tools/report-assets/build $(ASSETS)

# From nothing each time: `ar` would keep the object of a source that is gone.
$(LIB): $(USER_C:%.c=$(O)/%.o) $(PERFETTO).o $(O)/sources
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $(filter %.o,$^)

$(O)/libtests.a: $(TESTLIB_C:%.c=$(O)/%.o) $(O)/sources
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $(filter %.o,$^)

link	= $(Q)mkdir -p $(@D) && $(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) \
	$(1) $(LDLIBS_ALL)

$(BIN): $(O)/user/main.o $(LIB)
	$(call say,LINK,$@)
	$(call link)

$(CHECK_BIN): %: %.o $(TESTLIB) $(LIB)
	$(call say,LINK,$@)
	$(call link,$(CHECK_LIBS))

# An object that is named comes before the library's.
$(O)/tests/html_assets.o: user/report/html_assets.c $(O)/flags
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MD -MP -c $< -o $@

$(WITHOUT_HTML): $(O)/user/main.o $(O)/tests/html_assets.o $(LIB)
	$(call say,LINK,$@)
	$(call link)

$(MADE_UP): $(O)/tests/browser/made_up.o $(TESTLIB) $(LIB)
	$(call say,LINK,$@)
	$(call link)

$(TAP_BIN): %: %.o $(TESTLIB) $(LIB)
	$(call say,LINK,$@)
	$(call link)

$(BENCH_BIN): $(O)/bench/%: $(O)/tools/bench/%.o $(BENCHLIB_C:%.c=$(O)/%.o) $(LIB)
	$(call say,LINK,$@)
	$(call link)

# ---- Rules: documents -----------------------------------------------------

VERSION	:= $(shell sed -n 's/.*TRACEBENCH_VERSION "\(.*\)"/\1/p' user/base/version.h)
adoc	= $(Q)mkdir -p $(@D) && asciidoctor --failure-level=WARN -a release-version=$(VERSION) \
	-b $(1) -o $@ $<

$(MAN): docs/man/$(NAME).1.adoc user/base/version.h
	$(call say,MAN,$@)
	$(call adoc,manpage)

# A page of its own: no fonts from elsewhere.
$(MAN).html: docs/man/$(NAME).1.adoc user/base/version.h
	$(call say,HTML,$@)
	$(call adoc,html5 -a webfonts! -a toc=left)

# ---- Rules: what changes without any file changing ------------------------

# Each is written only when its text differs, so that its date says when the
# flags, the list of sources or the commit last changed.
refresh	= $(Q)mkdir -p $(@D) $(O)/bpf; \
	printf '%s\n' $(1) > $@.new; \
	if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(O)/flags: FORCE
	@pkg-config --exists $(LIBRARIES) 2>/dev/null && command -v $(CC) $(CLANG) $(BPFTOOL) $(PROTOC_C) >/dev/null || \
		{ echo "$(NAME): packages are missing: run 'make setup' first" >&2; exit 1; }
	$(call refresh,'$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(ALIGN_LOOPS) $(LDFLAGS_ALL) $(LDLIBS_ALL)' \
		'$(CLANG) $(BPF_CFLAGS_ALL)')

$(O)/html: FORCE
	$(call refresh,'HTML=$(HTML)')

$(O)/sources: FORCE
	$(call refresh,$(sort $(USER_C) $(TESTLIB_C) $(BPF_PROBE)) '')

$(O)/revision.h: FORCE
	$(call refresh,'#define TRACEBENCH_REVISION "$(or $(REVISION),$(shell git describe --always --dirty 2>/dev/null),unknown)"')

-include $(OBJECTS:.o=.d) $(O)/tests/html_assets.d $(patsubst %,$(O)/bpf/%.part.d,$(BPF_PROBE) $(BPF_ALONE))
