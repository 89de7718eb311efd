"""An HTTP server on asyncio and a process of clients, each of which keeps to one connection.

A lock held over awaits, a queue between tasks and timeouts that really end go on in the server; each
answer tells of the connection and the place of the answer in it.
"""

import asyncio
import json
import multiprocessing
import os
import signal

CLIENTS = 5


class Server:
    def __init__(self):
        self.connections = self.answers = self.handed_on = self.timeouts = 0
        self.lock, self.queue = asyncio.Lock(), asyncio.Queue(3)

    async def serve(self, reader, writer):
        number, place = self.connections, 0
        self.connections += 1
        while head := await read_head(reader):
            body = await reader.readexactly(int(head["content-length"]))
            async with self.lock:
                await self.queue.put(1)
                await asyncio.sleep(0.0005)
                self.answers += 1
            place += 1
            answer = json.dumps([number, place, body.decode()[::-1]]).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
            await writer.drain()
        writer.close()

    async def count(self):
        while True:
            self.handed_on += await self.queue.get()

    async def time_out(self):
        while True:
            try:
                await asyncio.wait_for(asyncio.Event().wait(), 0.01)
            except asyncio.TimeoutError:
                self.timeouts += 1

    async def run(self, pipe):
        own = [asyncio.create_task(self.count()), asyncio.create_task(self.time_out())]
        over = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await over.wait()
        await asyncio.sleep(0)
        for task in own:
            task.cancel()
        pipe.send([self.connections, self.answers, self.handed_on, self.timeouts])


async def read_head(reader):
    """The header's fields, or nothing at the end of the connection."""
    first, fields = await reader.readline(), {}
    while first and (line := await reader.readline()).strip():
        name, value = line.decode().split(":", 1)
        fields[name.lower()] = value.strip()
    return fields


async def be_client(name, port, progress):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked, connection = 0, None
    while not asked or not os.path.exists("stop"):
        body = f"client {name} request {asked} " * (1 + asked % 40)
        writer.write(f"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body)}\r\n\r\n{body}"
                     .encode())
        head = await read_head(reader)
        number, place, text = json.loads(await reader.readexactly(int(head["content-length"])))
        connection = number if connection is None else connection
        asked += 1
        if (number, place, text) != (connection, asked, body[::-1]):
            raise ValueError(f"client {name}, request {asked}: {number}, {place}, {text[:40]!r}")
        if asked % 5 == 0:
            progress.write(b"x")
    writer.close()
    return asked


async def be_clients(port):
    with open("progress", "ab", buffering=0) as progress:
        return sum(await asyncio.gather(*(be_client(n, port, progress) for n in range(CLIENTS))))


def main():
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=lambda: asyncio.run(Server().run(there)), daemon=True)
    server.start()
    asked = asyncio.run(be_clients(here.recv()))
    server.terminate()
    connections, answers, handed_on, timeouts = here.recv()
    server.join()
    right = connections == CLIENTS and answers == handed_on == asked and timeouts > 0
    with open("result", "w") as file:
        file.write("right" if right else
                   f"wrong: {connections} connections, {answers} answers, {asked} asked, "
                   f"{handed_on} handed on, {timeouts} timeouts, {server.exitcode}")


main()
