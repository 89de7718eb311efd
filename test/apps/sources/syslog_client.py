"""A program that tells a daemon outside of its tree what happens, as programs tell /dev/log.

Usage: syslog_client.py outside (the daemon) | inside (logger(1), and Python's own way).
"""

import logging.handlers
import pathlib
import socket
import subprocess
import sys
import time

from rounds import Wrong, judge, must_equal, rounds
from server import PATIENCE, be_outside

LOG = pathlib.Path("log.socket").absolute()  # by this name it is connected again


def outside():
    be_outside()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(str(LOG))
        daemon.settimeout(PATIENCE)
        heard = {}
        while (message := daemon.recv(1000).decode().rstrip("\n\0")) != "<14>end":
            who, number = message.rpartition(">")[2].split()[-2:]
            who = who.rstrip(":")
            heard[who] = heard.get(who, 0) + 1
            must_equal(number, str(heard[who]), f"what {who} says")
        must_equal(heard["logger"], heard["python"], "messages of the one and the other")


class Handler(logging.handlers.SysLogHandler):
    def handleError(self, record):
        raise Wrong(f"{record.getMessage()!r} could not be sent")


def inside():
    end = time.monotonic() + PATIENCE
    while not LOG.exists() and time.monotonic() < end:
        time.sleep(0.01)
    log = logging.getLogger()
    log.addHandler(Handler(str(LOG)))
    log.setLevel(logging.INFO)
    logger = subprocess.Popen(["logger", "-u", str(LOG), "-t", "logger"], stdin=subprocess.PIPE,
                              text=True)
    for number in rounds():
        log.info("python %d", number)
        logger.stdin.write(f"{number}\n")
        logger.stdin.flush()
    logger.stdin.close()
    must_equal(logger.wait(), 0, "the end of logger")
    log.info("end")


judge(inside if sys.argv[1] == "inside" else outside)
