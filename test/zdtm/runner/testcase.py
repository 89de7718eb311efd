"""One test: its program, and what its TOML says of it."""

import dataclasses
import pathlib
import tomllib

from . import needs


class BadTest(Exception):
    """A TOML that does not keep to the contract."""


@dataclasses.dataclass
class Test:
    name: str
    program: pathlib.Path
    summary: str = ""
    needs: list = dataclasses.field(default_factory=list)
    dump_args: list = dataclasses.field(default_factory=list)
    restore_args: list = dataclasses.field(default_factory=list)
    inherit: list = dataclasses.field(default_factory=list)  # see given.py
    expect: str = "restored"
    refusal: str = ""
    flavors: list = dataclasses.field(default_factory=lambda: ["host"])
    compare: list = dataclasses.field(default_factory=list)
    static: bool = False
    cflags: list = dataclasses.field(default_factory=list)
    timeout: float = 60
    fault: bool = False
    restore_again: bool = True  # false: somebody outside hears when the restored tree is killed
    huge_pages: int = 0  # so many must the kernel be willing to give
    after_dump: list = dataclasses.field(default_factory=list)  # a command, in the scratch directory
    open: str = ""  # why it cannot pass yet: runs plain only, everything else is skipped

    def missing(self):
        """Needs that this machine does not meet."""
        return [need for need in self.needs if not needs.has(need)]


CATEGORIES = """stat comm children threads cmdline environ auxv exe cwd root memory status limits
    misc fds maps""".split()


def _check(test, path):
    if test.expect not in ("restored", "refused"):
        raise BadTest(f'{path}: expect must be "restored" or "refused"')
    if test.expect == "refused" and not test.refusal:
        raise BadTest(f"{path}: a refused test must say what the refusal tells")
    for need in test.needs:
        if need not in needs.PROBES:
            raise BadTest(f"{path}: unknown need {need}")
    for entry in test.compare:
        if entry.removeprefix("-").partition(":")[0] not in CATEGORIES or entry[:1] != "-":
            raise BadTest(f"{path}: unknown comparison {entry}")


def _head_comment(source):
    """The first paragraph of // comments: the summary of a test without a TOML."""
    words = []
    for line in source.read_text().splitlines():
        if not line.startswith("//"):
            break
        words.append(line[2:].strip())
    return " ".join(words)


def load(source, programs):
    """The test whose source this is; its TOML stands beside the source."""
    test = Test(source.stem, programs / source.stem, _head_comment(source))
    path = source.with_suffix(".toml")
    if not path.exists():
        return test
    try:
        values = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise BadTest(f"{path}: {error}") from error
    known = {field.name: field for field in dataclasses.fields(Test)} | {}
    for key, value in values.items():
        if key not in known or key in ("name", "program"):
            raise BadTest(f"{path}: unknown key {key}")
        standard = getattr(test, key)
        same = isinstance(value, (int, float)) if isinstance(standard, float | int) else (
            isinstance(value, type(standard)))
        if not same:
            raise BadTest(f"{path}: {key} has the wrong type")
        setattr(test, key, value)
    if "summary" not in values:
        raise BadTest(f"{path}: no summary")
    _check(test, path)
    return test
