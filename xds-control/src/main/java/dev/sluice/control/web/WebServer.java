package dev.sluice.control.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.contract.GateName;
import dev.sluice.contract.SinkName;
import dev.sluice.control.checkpoint.CheckpointState;
import dev.sluice.control.notify.SinkState;
import dev.sluice.control.orchestrate.SelfChecks;
import dev.sluice.control.path.CatalogFeed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The status page and what machines read beside it: {@code /}, {@code /api/status}, {@code
 * /calendar.ics}, {@code /healthz}, {@code /metrics}. These change nothing and ask nobody who they
 * are, so it listens where only this machine comes. Beside them the admin API over HTTP, which
 * asks. Thread-safe.
 */
public final class WebServer implements AutoCloseable {
    private static final int BACKLOG = 64;
    private static final Map<String, String> SAFE_HEADERS =
            Map.of(
                    "Cache-Control", "no-store",
                    "X-Content-Type-Options", "nosniff",
                    "Referrer-Policy", "no-referrer",
                    "Content-Security-Policy",
                            "default-src 'none'; style-src 'self'; script-src 'self';"
                                    + " connect-src 'self'; img-src data:; frame-ancestors 'none'");

    private final HttpServer server;
    private final ExecutorService threads;

    private WebServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * What the page shows. Immutable.
     *
     * @param feed committed states
     * @param page the status
     * @param selfChecks how trials of the judge stand
     * @param sinks how the telling of each sink stands
     * @param checkpoints how those of each place stand
     * @param clock for the time of reading
     * @param api answers {@code /v1/} and {@code /openapi.json}, on a loopback address only: this
     *     server speaks plain text, and callers show their tokens
     */
    public record Parts(
            CatalogFeed feed,
            StatusPage page,
            Supplier<Map<GateName, SelfChecks.State>> selfChecks,
            Supplier<Map<SinkName, SinkState>> sinks,
            Supplier<List<CheckpointState>> checkpoints,
            InstantSource clock,
            HttpHandler api) {}

    /**
     * Starts serving.
     *
     * @param address where; port 0 takes a free one
     * @throws IOException when the address cannot be bound
     */
    public static WebServer start(InetSocketAddress address, Parts parts) throws IOException {
        HttpServer server = HttpServer.create(address, BACKLOG);
        ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("web-", 0).factory());
        server.setExecutor(threads);
        var web = new WebServer(server, threads);
        web.serve("/", "text/html; charset=utf-8", file("status.html"));
        web.serve("/status.css", "text/css; charset=utf-8", file("status.css"));
        web.serve("/status.js", "text/javascript; charset=utf-8", file("status.js"));
        web.serve("/api/status", "application/json", parts.page()::whole);
        web.serve(
                "/calendar.ics",
                Calendar.CONTENT_TYPE,
                () -> utf8(Calendar.of(parts.feed().latest(), parts.clock().instant())));
        web.serve("/healthz", "text/plain; charset=utf-8", () -> utf8("ok\n"));
        web.serve(
                "/metrics",
                Metrics.CONTENT_TYPE,
                () ->
                        utf8(
                                Metrics.of(
                                        parts.page().read(),
                                        parts.page().standing(),
                                        parts.sinks().get(),
                                        parts.selfChecks().get(),
                                        parts.checkpoints().get())));
        if (address.getAddress().isLoopbackAddress()) {
            server.createContext("/v1/", exchange -> ifForUs(exchange, parts.api()));
            server.createContext("/openapi.json", exchange -> ifForUs(exchange, parts.api()));
        }
        server.start();
        return web;
    }

    /** Port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(/* delay= */ 0);
        threads.shutdownNow();
    }

    private void serve(String path, String contentType, Supplier<byte[]> content) {
        server.createContext(path, exchange -> answer(exchange, path, contentType, content));
    }

    private static void answer(
            HttpExchange exchange, String path, String contentType, Supplier<byte[]> content)
            throws IOException {
        try (exchange) {
            SAFE_HEADERS.forEach(exchange.getResponseHeaders()::set);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!head && !exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
            } else if (!exchange.getRequestURI().getPath().equals(path)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!isForUs(exchange)) {
                exchange.sendResponseHeaders(421, -1);
            } else {
                byte[] body = content.get();
                exchange.getResponseHeaders().set("Content-Type", contentType);
                exchange.sendResponseHeaders(200, head ? -1 : body.length);
                if (!head) {
                    exchange.getResponseBody().write(body);
                }
            }
        }
    }

    private static void ifForUs(HttpExchange exchange, HttpHandler api) throws IOException {
        if (isForUs(exchange)) {
            api.handle(exchange);
        } else {
            try (exchange) {
                exchange.sendResponseHeaders(421, -1);
            }
        }
    }

    /**
     * On a loopback address the host must be one too: a page of the web could else have its own
     * name point here and read the status (DNS rebinding).
     */
    private static boolean isForUs(HttpExchange exchange) {
        if (!exchange.getLocalAddress().getAddress().isLoopbackAddress()) {
            return true;
        }
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host != null && host.matches("(localhost|127\\.[0-9.]+|\\[::1])(:[0-9]+)?");
    }

    private static Supplier<byte[]> file(String name) {
        try (InputStream in = WebServer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            byte[] content = in.readAllBytes();
            return () -> content;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
