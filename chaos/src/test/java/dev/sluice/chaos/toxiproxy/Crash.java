package dev.sluice.chaos.toxiproxy;

import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Shows that a toxic brings the original server down. */
record Crash(GoSubject fresh) {
    boolean by(String type, String attributes) throws IOException {
        try (TcpUpstream echo = TcpUpstream.start(WireContract::echo);
                HttpClient http = HttpClient.newHttpClient()) {
            var client = new ToxiproxyClient("127.0.0.1", fresh.api().getPort());
            var proxy = client.createProxy("p", "127.0.0.1:0", "127.0.0.1:" + echo.port());
            String base = "http://127.0.0.1:" + fresh.api().getPort() + "/proxies/p/toxics";
            String toxic = "{\"type\":\"%s\",\"attributes\":%s}".formatted(type, attributes);
            http.send(
                    HttpRequest.newBuilder(URI.create(base))
                            .POST(HttpRequest.BodyPublishers.ofString(toxic))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            String listen = proxy.getListen();
            int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
            try (TcpConnection connection =
                    TcpConnection.connect(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                WireContract.sends(connection, "enough to be cut");
                return fresh.crashed();
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
