package dev.sluice.e2e.transparent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A service as a process: answers with its port, and who it believes has called. */
final class Telling {
    private Telling() {}

    /** Serves on every address, at each of these ports. */
    public static void main(String[] ports) throws IOException {
        for (String port : ports) {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(Integer.parseInt(port)), /* backlog= */ 0);
            server.createContext("/", Telling::tell);
            server.start();
        }
        System.out.println("telling");
    }

    private static void tell(HttpExchange exchange) throws IOException {
        String forwarded =
                Objects.requireNonNullElse(
                        exchange.getRequestHeaders().getFirst("x-forwarded-for"), "nobody");
        byte[] body =
                "port %d peer %s for %s"
                        .formatted(
                                exchange.getLocalAddress().getPort(),
                                exchange.getRemoteAddress().getAddress().getHostAddress(),
                                forwarded)
                        .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
