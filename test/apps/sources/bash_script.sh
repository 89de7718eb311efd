#!/bin/bash
# Adds up its steps by way of pipes and child processes until the file stop exists.
set -euo pipefail

background() {
    local count=0
    while [ ! -e stop ]; do
        sleep 0.03
        count=$((count + 1))
        echo "$count" >> background
    done
    exit $((count % 200))
}

background &
job=$!
steps=0
total=0
while [ ! -e stop ]; do
    sleep 0.05
    steps=$((steps + 1))
    tens=$(printf '%s\n' "$steps" | sed 's/$/0/' | cat)
    total=$((total + tens / 10))
    echo "$steps" >> progress
done
status=0
wait "$job" || status=$?
background_steps=$(wc -l < background)
[ "$status" = $((background_steps % 200)) ]
echo "$steps $total $background_steps" > result
