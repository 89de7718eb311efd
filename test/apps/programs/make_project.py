"""make -j2 of a small C++ project in the middle of the work; what it builds gives the right sum."""

import subprocess

NEEDS = ["make", "g++"]
UNITS = 24

UNIT = """#include <map>
#include <string>
#include <vector>
long part{n}() {{
    std::map<std::string, std::vector<long>> table;
    for (long i = 0; i < {n} + 10; i++) table[std::to_string(i % 7)].push_back(i);
    long sum = 0;
    for (auto& [key, values] : table) for (long value : values) sum += value;
    return sum;
}}
"""

MAKEFILE = """OBJECTS = {objects}
all: result
result: program
\t./program > result
program: $(OBJECTS)
\tg++ -o $@ $^
%.o: %.cc
\tg++ -O1 -c -o $@ $<
"""


def command(place):
    for n in range(UNITS):
        (place / f"unit{n}.cc").write_text(UNIT.format(n=n))
    calls = "".join(f"long part{n}();\n" for n in range(UNITS))
    terms = " + ".join(f"part{n}()" for n in range(UNITS))
    (place / "main.cc").write_text(
        f'#include <cstdio>\n{calls}int main() {{ printf("%ld\\n", {terms}); }}\n')
    objects = " ".join(["main.o"] + [f"unit{n}.o" for n in range(UNITS)])
    (place / "Makefile").write_text(MAKEFILE.format(objects=objects))
    return ["make", "-j2"]


def middle(place):
    return len(list(place.directory.glob("*.o"))) >= 3


def check(place):
    wanted = sum(sum(range(n + 10)) for n in range(UNITS))
    if place.result() != str(wanted):
        return f"the program made says {place.result()!r}, not {wanted}"
    again = subprocess.run(["make", "-q"], cwd=place.directory, check=False)
    if again.returncode != 0:
        return "make finds something left to do"
    return None
