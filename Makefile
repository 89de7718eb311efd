# A thin layer over CMake: each target installs what it needs from Debian, builds, and runs.
# The presets (CMakePresets.json) and ctest do the same with more control; see CONTRIBUTING.md.
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)

.PHONY: all release check unit fuzz demo install tidy format bench clean

all: release

release:
	@scripts/packages build
	@scripts/build release $(JOBS)

# Everything: unit tests, zdtm, fault injection, real programs. Needs root for all but the first.
check:
	@scripts/packages build test
	@scripts/packages --optional languages servers
	@scripts/build dev $(JOBS)
	@scripts/check

unit:
	@scripts/packages build test
	@scripts/build dev $(JOBS)
	@scripts/check -L unit

# The image reader against libFuzzer, for a minute.
fuzz:
	@scripts/packages build test fuzz
	@scripts/build fuzz $(JOBS)
	@for fuzzer in build/fuzz/test/fuzz/*_fuzz; do $$fuzzer -max_total_time=60 || exit 1; done

# Two programs dumped, gone, restored and going on, told step by step.
demo: release
	@scripts/packages demo
	@demo/run build/release/crtool

install: release
	@DESTDIR="$(DESTDIR)" cmake --install build/release --prefix "$(PREFIX)"

bench: release
	@scripts/packages demo
	@cmake --build build/release --target bench -- --quiet
	@bench/run

tidy:
	@scripts/packages build test tidy
	@scripts/build tidy $(JOBS)

format:
	@scripts/packages tidy
	@find arch src test demo bench -name '*.h' -o -name '*.cc' | xargs clang-format-14 -i

clean:
	rm -rf build
