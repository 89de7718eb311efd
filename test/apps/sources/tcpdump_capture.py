"""Sends datagrams, and reads of each from tcpdump, which was to see them go by."""

import socket
import subprocess
import sys

from rounds import judge, must_equal, rounds

EACH = 3  # datagrams a round


def main():
    port = sys.argv[1]
    tcpdump = subprocess.Popen(
        ["tcpdump", "-Z", "root", "-n", "-t", "-q", "-l", "-i", "lo", f"udp dst port {port}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while "listening on" not in tcpdump.stderr.readline():
        pass
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", int(port)))
    for number in rounds():
        # The length tells one from the other.
        lengths = [1 + (number * EACH + part) % 1000 for part in range(EACH)]
        for length in lengths:
            sender.sendto(bytes(length), receiver.getsockname())
        for length in lengths:
            seen = tcpdump.stdout.readline().split()
            must_equal((seen[0], seen[-1]), ("IP", str(length)), "what tcpdump has seen")
            must_equal(len(receiver.recv(2000)), length, "what came")
    tcpdump.terminate()
    must_equal((tcpdump.stdout.read().strip(), tcpdump.wait()), ("", 0), "the end of tcpdump")


judge(main)
