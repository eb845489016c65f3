package dev.sluice.control.notify;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.testkit.Mailbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver of webhooks on a port of its own, which answers as it is told. Thread-safe. */
public final class HookServer implements AutoCloseable {
    /** Answers nothing at all. */
    public static final int SILENCE = 0;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Mailbox<Got> got = new Mailbox<>("a request at the webhook");
    private final AtomicInteger status;

    /** One request. */
    public record Got(String path, Headers headers, String body) {}

    public HookServer(int status) throws IOException {
        this.status = new AtomicInteger(status);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    int answer = this.status.get();
                    got.put(
                            new Got(
                                    exchange.getRequestURI().getPath(),
                                    exchange.getRequestHeaders(),
                                    body));
                    if (answer == SILENCE) {
                        return;
                    }
                    exchange.getResponseHeaders().set("Location", "/elsewhere");
                    exchange.getResponseHeaders().set("Retry-After", "1");
                    exchange.sendResponseHeaders(answer, -1);
                    exchange.close();
                });
        server.start();
    }

    /** What it answers from now on. */
    public void answer(int wanted) {
        status.set(wanted);
    }

    public String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public Mailbox<Got> got() {
        return got;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
