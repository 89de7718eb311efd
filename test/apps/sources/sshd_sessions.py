"""sshd, and ssh in the tree: a shell in a terminal, one without, and a stream to and fro.

Usage: sshd_sessions.py KEYS (a directory with the keys host and user).
"""

import os
import pathlib
import subprocess
import sys

from in_terminal import Terminal
from rounds import Wrong, judge, must_equal, rounds
from server import connected, free_port, running

CONFIGURATION = """
Port {port}
ListenAddress 127.0.0.1
HostKey {keys}/host
AuthorizedKeysFile {keys}/user.pub
PidFile none
StrictModes no
UsePAM no
"""
PIECE = 50_000


def ssh(port, keys, *words):
    return ["ssh", "-F", "none", "-i", f"{keys}/user", "-p", str(port), "-oLogLevel=ERROR",
            "-oStrictHostKeyChecking=no", "-oUserKnownHostsFile=/dev/null", *words]


def piped(command):
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def say(shell, number):
    shell.stdin.write(f"echo $((counter += {number}))\n".encode())
    shell.stdin.flush()
    return int(shell.stdout.readline())


def exchange(stream, data):
    stream.stdin.write(data)
    stream.stdin.flush()
    if stream.stdout.read(len(data)) != data:
        raise Wrong("the stream came back as something else")


def main():
    keys = sys.argv[1]
    port = free_port()
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    pathlib.Path("conf").write_text(CONFIGURATION.format(port=port, keys=keys))
    with running("/usr/sbin/sshd", "-D", "-e", "-f", f"{os.getcwd()}/conf"):
        connected(("127.0.0.1", port)).close()
        terminal = Terminal(ssh(port, keys, "-tt", "127.0.0.1", "exec bash --norc --noprofile -i"))
        terminal.type("PS1='re''ady> '; stty -echo\n")
        terminal.expect("ready> ")
        shell = piped(ssh(port, keys, "127.0.0.1", "sh"))
        stream = piped(ssh(port, keys, "127.0.0.1", "cat"))
        total = 0
        for number in rounds():
            total += number
            must_equal(say(shell, number), total, "what the shell has counted")
            exchange(stream, os.urandom(PIECE))
            terminal.type(f"echo round-$(({number} * 7))\n")
            terminal.expect(f"round-{number * 7}\r\n")
        for session in (shell, stream):
            session.stdin.close()
            must_equal(session.wait(), 0, "the end of a session")
        terminal.type("exit 0\n")
        terminal.end()


judge(main)
