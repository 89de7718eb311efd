// An HTTP server and its client, two processes: four connections are kept alive over all requests, a
// worker thread waits on shared memory and answers messages, an interval and a chain of timeouts run.
'use strict';
const { createHash } = require('crypto');
const { fork } = require('child_process');
const fs = require('fs');
const http = require('http');
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');

const CONNECTIONS = 4;

const digest = (text) => createHash('sha256').update(text).digest('hex');

// Each answer tells which connection it came on, and its place among the answers of that connection.
function serve() {
    let connections = 0, answers = 0;
    const server = http.createServer((request, response) => {
        const socket = request.socket;
        let body = '';
        request.on('data', (part) => { body += part; });
        request.on('end', () => {
            const told = { connection: socket.number, place: ++socket.answers, sum: digest(body) };
            answers++;
            setTimeout(() => response.end(JSON.stringify(told)), answers % 3);
        });
    });
    server.keepAliveTimeout = 0;
    server.on('connection', (socket) => { socket.number = connections++; socket.answers = 0; });
    server.listen(0, '127.0.0.1', () => process.send(server.address().port));
    process.on('message', () => process.send({ connections, answers }, () => process.exit(0)));
}

function work() {
    const state = new Int32Array(workerData);
    parentPort.on('message', (number) => {
        Atomics.wait(state, 1, 0, 2);  // nobody notifies: it times out
        Atomics.add(state, 0, 1);
        parentPort.postMessage(number * number);
    });
}

function ask(agent, port, text) {
    return new Promise((resolve, reject) => {
        const options = { agent, port, host: '127.0.0.1', method: 'POST' };
        const request = http.request(options, (response) => {
            let body = '';
            response.on('data', (part) => { body += part; });
            response.on('end', () => resolve(JSON.parse(body)));
        });
        request.on('error', reject);
        request.end(text);
    });
}

// One client keeps to one connection, so that the answers' places must be those of its requests.
async function beClient(number, port, isOver, progress) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    let asked = 0, connection = null;
    do {
        const text = `client ${number} request ${asked} `.repeat(1 + asked % 50);
        const told = await ask(agent, port, text);
        connection ??= told.connection;
        if (told.connection !== connection || told.place !== ++asked || told.sum !== digest(text)) {
            throw new Error(`client ${number}, request ${asked}: ${JSON.stringify(told)}`);
        }
        if (asked % 5 === 0) fs.writeSync(progress, 'x');
    } while (!isOver());
    agent.destroy();
    return asked;
}

async function startWorker() {
    const memory = new SharedArrayBuffer(8);
    const worker = new Worker(__filename, { workerData: memory });
    const tally = { answers: 0, wrong: 0, done: new Int32Array(memory) };
    worker.on('message', (square) => {
        if (square !== tally.answers * tally.answers) tally.wrong++;
        worker.postMessage(++tally.answers);
    });
    worker.postMessage(0);
    await new Promise((resolve) => worker.once('message', resolve));
    return [worker, tally];
}

async function main() {
    const child = fork(__filename, ['server']);
    const port = await new Promise((resolve) => child.once('message', resolve));
    const progress = fs.openSync('progress', 'a');
    const [worker, tally] = await startWorker();
    let ticks = 0, links = 0, over = false;
    const interval = setInterval(() => { ticks++; over ||= fs.existsSync('stop'); }, 10);
    const chain = () => { links++; if (!over) setTimeout(chain, 5); };
    chain();
    const clients = [...Array(CONNECTIONS).keys()];
    const asked = await Promise.all(clients.map((n) => beClient(n, port, () => over, progress)));
    clearInterval(interval);
    const told = new Promise((resolve) => child.once('message', resolve));
    child.send('end');
    const served = await told;
    await worker.terminate();
    const sum = asked.reduce((a, b) => a + b);
    const right = served.connections === CONNECTIONS && served.answers === sum && ticks > 0 &&
        links > 1 && tally.wrong === 0 && tally.answers > 0 &&
        Math.abs(tally.done[0] - tally.answers) <= 1;
    fs.writeFileSync('result', right ? 'right' : 'wrong: ' +
        JSON.stringify({ served, asked, ticks, links, tally }));
}

if (!isMainThread) work();
else if (process.argv[2] === 'server') serve();
else main().catch((error) => { fs.writeFileSync('result', `wrong: ${error.stack}`); process.exit(1); });
