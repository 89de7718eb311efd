"""A chat server on epoll(7) with 200 clients: what one says, all hear, in the order of the server.

Half of the clients come by TCP, half by a unix socket.
"""

import itertools
import select
import socket
import sys

from rounds import Wrong, judge, must_equal, rounds
from server import connected, free_port, running

CLIENTS = 200
SPEAKERS = 5
PATH = "chat.socket"


class Server:
    def __init__(self, *listeners):
        self.listeners = {listener.fileno(): listener for listener in listeners}
        self.clients, self.unread, self.unsent = {}, {}, {}
        self.epoll = select.epoll()
        for number in self.listeners:
            self.epoll.register(number, select.EPOLLIN)

    def serve(self):
        while self.listeners or self.clients:
            for number, events in self.epoll.poll():
                if number in self.listeners:
                    self.accept(self.listeners[number])
                elif events & select.EPOLLOUT:
                    self.send(number)
                else:
                    self.hear(number)

    def accept(self, listener):
        client, _ = listener.accept()
        client.setblocking(False)
        number = client.fileno()
        self.clients[number], self.unread[number], self.unsent[number] = client, b"", b""
        self.epoll.register(number, select.EPOLLIN | select.EPOLLET)

    def hear(self, number):
        try:
            while data := self.clients[number].recv(4096):
                *lines, self.unread[number] = (self.unread[number] + data).split(b"\n")
                for line in lines:
                    self.tell_all(line)
        except BlockingIOError:
            return
        self.epoll.unregister(number)
        self.clients.pop(number).close()
        if not self.clients:
            self.listeners.clear()

    def tell_all(self, line):
        for number in self.clients:
            self.unsent[number] += line + b"\n"
            self.send(number)

    def send(self, number):
        try:
            sent = self.clients[number].send(self.unsent[number])
            self.unsent[number] = self.unsent[number][sent:]
        except BlockingIOError:
            pass
        more = select.EPOLLOUT if self.unsent[number] else 0
        self.epoll.modify(number, select.EPOLLIN | select.EPOLLET | more)


def join(addresses):
    clients = []
    for index, address in zip(range(CLIENTS), itertools.cycle(addresses)):
        client = connected(address)
        clients.append((client, client.makefile("rb")))
        client.sendall(b"%d joins\n" % index)
        must_equal(client_hears(clients[-1]), f"{index} joins", "the first line")
    for index, client in enumerate(clients):
        for other in range(index + 1, CLIENTS):
            must_equal(client_hears(client), f"{other} joins", "who joins")
    return clients


def client_hears(client):
    line = client[1].readline()
    if not line.endswith(b"\n"):
        raise Wrong(f"the connection ended with {line!r}")
    return line[:-1].decode()


def hear(clients, said):
    """What was said, in an order that is the same for all."""
    heard = [client_hears(clients[0]) for _ in said]
    must_equal(sorted(heard), sorted(said), "what was said")
    for client in clients[1:]:
        must_equal([client_hears(client) for _ in said], heard, "what others have heard")


def talk(addresses):
    clients = join(addresses)
    said = []
    for number in rounds():
        hear(clients, said)  # what was said in the round before
        said = [f"{number}: {speaker} speaks" for speaker in
                ((number * 7 + step * 41) % CLIENTS for step in range(SPEAKERS))]
        for line in said:
            clients[int(line.split()[1])][0].sendall(f"{line}\n".encode())
    hear(clients, said)
    return clients


def serve(port):
    with socket.create_server(("127.0.0.1", port)) as internet, \
            socket.socket(socket.AF_UNIX) as unix:
        unix.bind(PATH)
        unix.listen()
        Server(internet, unix).serve()


def main():
    port = free_port()
    clients = []

    def all_leave(_):
        for client, file in clients:
            file.close()
            client.close()

    with running(*sys.orig_argv, str(port), end=all_leave):
        clients += talk([("127.0.0.1", port), PATH])


if len(sys.argv) > 1:
    serve(int(sys.argv[1]))
else:
    judge(main)
