package dev.sluice.chaos.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.client.SlowClients.Seen;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Slow clients at a server that waits for them, and at one that does not. */
class SlowClientsIT {
    private static final int SOME = 5;
    private static final byte[] LONG_ANSWER = new byte[32 << 20];

    private static SlowClients begin(Slowness slowness, TcpUpstream server, Duration every) {
        URI target = URI.create("http://127.0.0.1:" + server.port() + "/big?a=b");
        return SlowClients.begin(
                new SlowClientSettings(slowness, target, Set.of(), SOME, every, 1_024));
    }

    private static Seen await(SlowClients clients, Predicate<Seen> enough) {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!enough.test(clients.seen()) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return clients.seen();
    }

    @Test
    void a_head_comes_byte_by_byte_and_never_ends() {
        Queue<String> heads = new ConcurrentLinkedQueue<>();
        CountDownLatch slowBytes = new CountDownLatch(SOME);
        String start = "GET /big?a=b HTTP/1.1\r\nhost: 127.0.0.1:";
        try (TcpUpstream server =
                TcpUpstream.start(connection -> heads.add(head(connection, slowBytes)))) {
            Seen seen;
            try (SlowClients clients = begin(Slowness.HEADERS, server, Duration.ofMillis(10))) {
                Patience.await(slowBytes, "some bytes of each head");
                seen = clients.seen();
            }

            assertThat(seen.mostOpen()).isEqualTo(SOME);
            assertThat(seen.ended()).as("ended by the server").isZero();
            assertThat(seen.longestLife()).isPositive();
        }
        assertThat(heads)
                .hasSize(SOME)
                .allMatch(head -> head.startsWith(start))
                .allMatch(head -> head.matches("(?s).*\r\nx-slow: zzz+"));
    }

    /** All that comes; three slow bytes count down. */
    private static String head(TcpConnection connection, CountDownLatch slowBytes)
            throws java.io.IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("zzz")) {
            head.append(new String(connection.read(1), StandardCharsets.ISO_8859_1));
        }
        slowBytes.countDown();
        return head.append(new String(connection.readToEnd(), StandardCharsets.ISO_8859_1))
                .toString();
    }

    @Test
    void a_connection_that_the_server_ends_is_replaced() {
        try (TcpUpstream server = TcpUpstream.start(connection -> connection.read(1));
                SlowClients clients = begin(Slowness.HEADERS, server, Duration.ofSeconds(1))) {
            Seen seen = await(clients, now -> now.ended() > SOME);

            assertThat(seen.ended()).as("ended by the server").isGreaterThan(SOME);
            assertThat(server.connections()).as("connections").isGreaterThan(SOME);
        }
    }

    @Test
    void readers_take_so_little_that_their_server_waits() {
        AtomicLong whole = new AtomicLong();
        CountDownLatch answering = new CountDownLatch(SOME);
        CountDownLatch enough = new CountDownLatch(1);
        try (TcpUpstream server =
                        TcpUpstream.start(connection -> {
                            answering.countDown();
                            connection.send(LONG_ANSWER);
                            whole.incrementAndGet();
                            connection.await(enough);
                        });
                SlowClients clients = begin(Slowness.READERS, server, Duration.ofMillis(10))) {
            Patience.await(answering, "answers");
            Seen seen = await(clients, now -> now.longestLife().toMillis() > 500);

            assertThat(seen.mostOpen()).isEqualTo(SOME);
            assertThat(seen.ended()).as("ended by the server").isZero();
            assertThat(whole).as("answers that were taken whole").hasValue(0);
            enough.countDown();
        }
    }

    @Test
    void a_server_that_is_not_there_is_tried_again() {
        URI target = URI.create("http://127.0.0.1:" + TcpUpstream.refusedPort());
        try (SlowClients clients =
                SlowClients.begin(
                        new SlowClientSettings(
                                Slowness.HEADERS,
                                target,
                                Set.of(),
                                SOME,
                                Duration.ofSeconds(1),
                                1))) {
            Seen seen = await(clients, now -> now.refused() > SOME);

            assertThat(seen.refused()).isGreaterThan(SOME);
            assertThat(seen.mostOpen()).isZero();
        }
    }
}
