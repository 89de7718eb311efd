"""OpenMP: a team of threads in parallel regions, with reductions, tasks and barriers."""

from driver.compile import compiled

NEEDS = ["g++"]


def prepare(kit):
    compiled(kit, "g++", "openmp_sum.cc", "-fopenmp")


def command(place):
    return [str(place.kit / "openmp_sum")]


def check(place):
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
