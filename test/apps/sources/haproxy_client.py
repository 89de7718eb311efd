"""haproxy in front of itself, with a master and a worker of two threads, and clients in the tree.

One connection goes through it all the time, others come each round, and its unix socket is asked
what has become of the server behind it, which it looks at again and again.
"""

import http.client
import pathlib
import signal

from rounds import Wrong, judge, must_equal, rounds
from server import connected, free_port, running

CONFIGURATION = """
global
    master-worker
    nbthread 2
    stats socket {place}/haproxy.sock mode 600
    hard-stop-after 5s
defaults
    mode http
    timeout connect 60s
    timeout client 600s
    timeout server 600s
    timeout check 600s
frontend front
    bind 127.0.0.1:{front}
    default_backend behind
backend behind
    option httpchk GET /health
    server one 127.0.0.1:{back} check inter 20ms fastinter 20ms downinter 20ms
frontend back
    bind 127.0.0.1:{back}
    http-request return status 200 content-type text/plain lf-string "this is %[path]"
"""


class Client(http.client.HTTPConnection):
    def __init__(self, port):
        super().__init__("127.0.0.1", port)
        self.auto_open = False
        self.sock = connected(("127.0.0.1", port))

    def must(self, path):
        self.request("GET", path)
        answer = self.getresponse()
        must_equal((answer.status, answer.read().decode()), (200, f"this is {path}"), path)


def statistics():
    connection = connected("haproxy.sock")
    connection.sendall(b"show stat\n")
    lines = connection.makefile().read().strip().split("\n")
    names = lines[0].lstrip("# ").split(",")
    return {tuple(line.split(",")[:2]): dict(zip(names, line.split(","))) for line in lines[1:]}


def main():
    front, back = free_port(), free_port()
    place = pathlib.Path.cwd()
    pathlib.Path("conf").write_text(CONFIGURATION.format(place=place, front=front, back=back))
    with running("/usr/sbin/haproxy", "-db", "-f", "conf",
                 end=lambda server: server.send_signal(signal.SIGUSR1)):
        kept = Client(front)
        for number in rounds():
            kept.must(f"/kept/{number}")
            other = Client(front)
            other.must(f"/other/{number}")
            other.close()
            told = statistics()
            if int(told["front", "FRONTEND"]["req_tot"]) != 2 * number:
                raise Wrong(f"after {number} rounds haproxy tells of {told['front', 'FRONTEND']}")
            must_equal(told["behind", "one"]["status"], "UP", "the state of the server")
        kept.close()


judge(main)
