package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Seeds;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The proxy under load for a long time, one request of a hundred going wrong: nothing leaks, and
 * memory and descriptors are at rest what they were after the warm-up. System property {@code
 * sluice.soak.seconds}, default 600, says how long each test takes; profile {@code soak} runs them.
 */
@ExtendWith(LeakCheck.class)
@Tag("soak")
class SoakIT {
    private static final Duration LENGTH =
            Duration.ofSeconds(Long.getLong("sluice.soak.seconds", 600));
    private static final int USERS = 8;
    private static final File DESCRIPTORS = new File("/proc/self/fd");
    private static final int SLACK = 2;
    private static final int LOOKS = 20;
    private static final Duration BETWEEN = Duration.ofMillis(100);

    /** What an allocator may keep more than before, bytes. */
    private static final long ROOM = 8L * 1024 * 1024;

    private final List<SoakClient> clients = new ArrayList<>();

    /**
     * @param protocol of the upstream, a field of {@code explicit_http_config}
     */
    private static String bootstrap(int port, String protocol) {
        return Yaml.bootstrap(
                "- {name: all, match: {prefix: /}, route: {cluster: app, timeout: 1s}}\n",
                Yaml.cluster("app", port)
                        + """
                          typed_extension_protocol_options:
                            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                              common_http_protocol_options: {idle_timeout: 0.5s}
                              explicit_http_config: {%s: {}}
                        """
                                .formatted(protocol));
    }

    @Test
    void nothing_leaks_and_nothing_grows() throws Exception {
        try (SoakUpstream upstream = new SoakUpstream();
                RunningProxy proxy = proxy(upstream.port(), "http_protocol_options")) {
            soak(proxy.port());
        }
    }

    /** The upstream of HTTP/2 is a proxy too: what goes wrong behind it are resets of streams. */
    @Test
    void nothing_leaks_and_nothing_grows_towards_an_upstream_of_http2() throws Exception {
        try (SoakUpstream upstream = new SoakUpstream();
                RunningProxy behind = proxy(upstream.port(), "http_protocol_options");
                RunningProxy proxy = proxy(behind.port(), "http2_protocol_options")) {
            soak(proxy.port());
        }
    }

    private static RunningProxy proxy(int port, String protocol) {
        return RunningProxy.forgetful(2, bootstrap(port, protocol));
    }

    private void soak(int port) throws Exception {
        assumeTrue(DESCRIPTORS.isDirectory(), "descriptors are counted on Linux");
        Seeds seeds = Seeds.printed("the soak");
        for (int i = 0; i < USERS; i++) {
            clients.add(new SoakClient(port, seeds.generator("user " + i)));
        }
        load(LENGTH.dividedBy(6));
        Rest before = rest();
        load(LENGTH.multipliedBy(5).dividedBy(6));
        Rest after = rest();

        long faulty = clients.stream().mapToLong(SoakClient::faulty).sum();
        String said =
                "%d good and %d faulty requests; at rest %s, after the warm-up %s"
                        .formatted(
                                clients.stream().mapToLong(SoakClient::good).sum(),
                                faulty,
                                after,
                                before);
        System.out.println("soak of " + LENGTH + ": " + said);
        assertThat(after.descriptors())
                .as("descriptors: " + said)
                .isBetween(before.descriptors() - SLACK, before.descriptors() + SLACK);
        assertThat(after.memory())
                .as("memory of buffers: " + said)
                .isLessThanOrEqualTo(before.memory() + ROOM);
        assertThat(faulty).as("requests that went wrong: " + said).isPositive();
    }

    /** What is held while nobody asks for anything. */
    private record Rest(int descriptors, long memory) {}

    private void load(Duration length) throws Exception {
        long end = System.nanoTime() + length.toNanos();
        try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            clients.forEach(client -> running.add(users.submit(() -> use(client, end))));
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private static Long use(SoakClient client, long end) throws IOException {
        while (System.nanoTime() < end) {
            client.connection();
        }
        return client.good();
    }

    /** Once descriptors have not changed for some looks: idle connections are closed by then. */
    private static Rest rest() {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        int last = descriptors();
        int same = 0;
        while (same < LOOKS && System.nanoTime() < end) {
            LockSupport.parkNanos(BETWEEN.toNanos());
            int now = descriptors();
            same = now == last ? same + 1 : 0;
            last = now;
        }
        return new Rest(last, memory());
    }

    private static int descriptors() {
        String[] open = DESCRIPTORS.list();
        return open == null ? 0 : open.length;
    }

    private static long memory() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? provider.metric().usedDirectMemory()
                : 0;
    }
}
