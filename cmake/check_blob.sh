#!/bin/sh
# check_blob.sh ELF OBJECT...: the blob runs anywhere as it is. No relocation that depends on its
# address, no undefined symbol, nothing writable, no section header that says it needs a loader.
set -eu
elf=$1
shift
bad=0
complain() {
    echo "blob: $1:"
    echo "$2"
    bad=1
}

undefined=$(nm --undefined-only "$elf")
[ -z "$undefined" ] || complain "undefined symbols" "$undefined"

relocations=$(readelf --relocs --wide "$elf" | grep -E 'R_X86_64' || true)
[ -z "$relocations" ] || complain "relocations left for a loader" "$relocations"

# Offsets to the place itself are what makes the code position independent; all else is an address.
absolute=$(readelf --relocs --wide "$@" |
    awk '/^Relocation section/ { section = $3 }
         /R_X86_64_/ && $3 !~ /^R_X86_64_(PC32|PLT32|PC64|GOTPCRELX|REX_GOTPCRELX)$/ &&
         section !~ /debug|eh_frame/ { print section, $0 }')
[ -z "$absolute" ] || complain "absolute addresses" "$absolute"

writable=$(readelf --sections --wide "$elf" | sed 's/^ *\[ *[0-9]*\] //' |
    awk '$7 ~ /A/ && $7 ~ /W/ && $5 !~ /^0+$/ { print }')
[ -z "$writable" ] || complain "writable data" "$writable"

[ "$bad" = 0 ] && echo "blob: clean, $(stat -c %s "$elf") bytes of ELF"
exit "$bad"
