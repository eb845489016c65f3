package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Patience;
import dev.sluice.testkit.tcp.TcpConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The page for Prometheus. */
abstract class MetricsCalls extends WireContract {
    @Test
    void bytes_are_counted_by_direction_proxy_and_addresses() throws IOException {
        String upstream = "127.0.0.1:" + echo().port();
        String proxy =
                """
                {"name":"m","listen":"127.0.0.1:0","upstream":"%s"}\
                """
                        .formatted(upstream);
        String listener = post("/proxies", proxy).json().path("listen").textValue();
        int port = Integer.parseInt(listener.substring(listener.lastIndexOf(':') + 1));
        try (TcpConnection client =
                TcpConnection.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            client.send("hello");
            assertThat(client.read(5)).hasSize(5);
        }

        for (String which : new String[] {"received", "sent"}) {
            for (String direction : new String[] {"upstream", "downstream"}) {
                await(
                        """
                        toxiproxy_proxy_%s_bytes_total{direction="%s",listener="%s",proxy="m",upstream="%s"} 5
                        """
                                .formatted(which, direction, listener, upstream));
            }
        }
    }

    private void await(String line) {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        String page = get("/metrics").body();
        while (!page.contains(line) && System.nanoTime() < end) {
            LockSupport.parkNanos(5_000_000);
            page = get("/metrics").body();
        }
        assertThat(page).contains(line);
    }

    @Test
    void the_page_is_in_the_text_format_and_answers_any_method() {
        assertThat(get("/metrics").status()).isEqualTo(200);
        assertThat(get("/metrics").type())
                .isEqualTo("text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
        assertThat(post("/metrics", "").status()).isEqualTo(200);
        assertThat(call("GET", "/metrics", "", "User-Agent", "Mozilla/5").status()).isEqualTo(403);
    }
}
