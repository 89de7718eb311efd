"""A session with a server of SQL: its command-line client at the other end of two pipes."""

import subprocess

from rounds import must_equal


class Session:
    """The command reads statements; say_done is what makes it say "done" after one."""

    def __init__(self, command, say_done):
        self.say_done = say_done
        self.client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, text=True)

    def send(self, statement):
        self.client.stdin.write(f"{statement};\n{self.say_done}\n")
        self.client.stdin.flush()

    def answer(self):
        lines = []
        while (line := self.client.stdout.readline()) not in ("done\n", ""):
            lines.append(line.rstrip())
        return lines if line else [*lines, "the session has ended"]

    def must(self, statement, *wanted):
        self.send(statement)
        must_equal(self.answer(), list(wanted), statement)

    def end(self):
        self.client.stdin.close()
        must_equal(self.client.wait(), 0, "the end of a session")
