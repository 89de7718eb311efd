// An HTTP server and its clients in one virtual machine, an echo over a plain socket, a schedule that
// ticks, and threads that make garbage of trees whose sums they know.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

public class JavaServer {
    static final int CLIENTS = 3;

    record Tree(int value, Tree left, Tree right) {
        static Tree grow(int depth, int value) {
            return depth == 0 ? new Tree(value, null, null)
                    : new Tree(value, grow(depth - 1, 2 * value), grow(depth - 1, 2 * value + 1));
        }

        long sum() {
            return value + (left == null ? 0 : left.sum() + right.sum());
        }
    }

    static volatile boolean over;
    static final AtomicLong ticks = new AtomicLong();
    static final Set<InetSocketAddress> peers = new HashSet<>();

    static void answer(HttpExchange exchange) throws Exception {
        synchronized (peers) {
            peers.add(exchange.getRemoteAddress());
        }
        long number = Long.parseLong(new String(exchange.getRequestBody().readAllBytes()));
        byte[] text = Long.toString(number * number).getBytes();
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    static long askHttp(URL url, FileOutputStream progress) throws Exception {
        long asked = 0;
        do {
            HttpURLConnection request = (HttpURLConnection) url.openConnection();
            request.setDoOutput(true);
            request.getOutputStream().write(Long.toString(asked).getBytes());
            String told = new String(request.getInputStream().readAllBytes());
            check(told.equals(Long.toString(asked * asked)), "http answer " + asked + ": " + told);
            if (++asked % 20 == 0) {
                progress.write('x');
            }
        } while (!over);
        return asked;
    }

    static Void echo(ServerSocket server) throws Exception {
        try (Socket socket = server.accept()) {
            PrintWriter out = new PrintWriter(socket.getOutputStream(), true);
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(line);
            }
        }
        return null;
    }

    static long askEcho(ServerSocket server) throws Exception {
        long asked = 0;
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            PrintWriter out = new PrintWriter(socket.getOutputStream(), true);
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            do {
                String line = "line " + asked;
                out.println(line);
                String told = in.readLine();
                check(line.equals(told), "echo " + asked + ": " + told);
                asked++;
                Thread.sleep(1);
            } while (!over);
        }
        return asked;
    }

    static long makeGarbage(int seed) throws Exception {
        List<Tree> kept = new ArrayList<>();
        long wanted = Tree.grow(8, seed).sum();
        long rounds = 0;
        do {
            kept.add(Tree.grow(8, seed));
            if (++rounds % 10 == 0) {
                Thread.sleep(1);
            }
            if (kept.size() == 500) {
                for (Tree tree : kept) {
                    check(tree.sum() == wanted, "a tree has changed");
                }
                kept.subList(0, 400).clear();
            }
        } while (!over);
        return rounds;
    }

    static void check(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException(what);
        }
    }

    static void run(HttpServer http, ServerSocket server, FileOutputStream progress)
            throws Exception {
        URL url = new URL("http", "127.0.0.1", http.getAddress().getPort(), "/");
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<Long>> asked = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            asked.add(threads.submit(() -> askHttp(url, progress)));
        }
        Future<Void> echoing = threads.submit((Callable<Void>) () -> echo(server));
        asked.add(threads.submit(() -> askEcho(server)));
        asked.add(threads.submit(() -> makeGarbage(1)));
        asked.add(threads.submit(() -> makeGarbage(2)));
        for (Future<Long> one : asked) {
            one.get();
        }
        echoing.get();
        threads.shutdown();
        check(peers.size() <= CLIENTS, "connections: " + peers);
        check(ticks.get() > 0, "no tick");
    }

    public static void main(String[] args) throws Exception {
        // A client's connection may idle for as long as the program is not there.
        System.setProperty("sun.net.httpserver.idleInterval", "3600");
        ScheduledExecutorService schedule = Executors.newScheduledThreadPool(2);
        schedule.scheduleAtFixedRate(() -> {
            ticks.incrementAndGet();
            over |= Files.exists(Path.of("stop"));
        }, 0, 10, TimeUnit.MILLISECONDS);
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        HttpServer http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        ExecutorService handlers = Executors.newFixedThreadPool(CLIENTS);
        http.setExecutor(handlers);
        http.createContext("/", exchange -> {
            try {
                answer(exchange);
            } catch (Exception e) {
                e.printStackTrace();
            }
        });
        http.start();
        String result = "right";
        try (ServerSocket server = new ServerSocket(0, 5, loopback);
                FileOutputStream progress = new FileOutputStream("progress", true)) {
            run(http, server, progress);
        } catch (Exception e) {
            e.printStackTrace();
            result = "wrong: " + e;
        }
        Files.writeString(Path.of("result"), result);
        System.exit(0);
    }
}
