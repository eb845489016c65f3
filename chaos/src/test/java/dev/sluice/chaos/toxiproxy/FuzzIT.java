package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Seeds;
import dev.sluice.testkit.tcp.HeldPort;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random calls, right and wrong, over one connection to the API, with traffic in between. As many
 * calls as system property {@code fuzz.calls} says, 20,000 by default; profile {@code nightly}
 * makes 1,000,000. System property {@code sluice.seed} gives other calls. Prints what it took.
 */
@ExtendWith(LeakCheck.class)
class FuzzIT {
    private static final int CALLS = Integer.getInteger("fuzz.calls", 20_000);
    private static final int WARM = CALLS / 10;
    private static final long MOST_GROWTH = 32L << 20;
    private static final List<String> METHODS = List.of("GET", "POST", "PATCH", "DELETE", "PUT");
    private static final List<String> NAMES = List.of("a", "b", "c", "%41", "%zz", "", "x y");
    private static final List<String> TYPES =
            List.of(
                    "latency",
                    "bandwidth",
                    "slow_close",
                    "timeout",
                    "reset_peer",
                    "slicer",
                    "limit_data",
                    "noop",
                    "unknown",
                    "");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "1",
                    "-1",
                    "7",
                    "1000",
                    "2147483648",
                    "9223372036854775807",
                    "-9223372036854775808",
                    "1e3",
                    "0.5",
                    "null",
                    "\"5\"",
                    "{}",
                    "true");
    private static final List<String> ATTRIBUTES =
            List.of(
                    "latency",
                    "jitter",
                    "rate",
                    "delay",
                    "timeout",
                    "average_size",
                    "size_variation",
                    "bytes",
                    "other");

    /** A connection whose answers are read in large pieces. */
    private record Api(TcpConnection connection, InputStream in) {}

    private final RandomGenerator random = new Seeds(Long.getLong("sluice.seed", 1)).generator();

    @Test
    void no_call_brings_it_down_and_nothing_stays_open() throws IOException {
        long began = System.nanoTime();
        long warm = 0;
        EmbeddedSubject subject = EmbeddedSubject.start(1);
        try (TcpUpstream echo = TcpUpstream.start(WireContract::echo)) {
            try (TcpConnection connection = TcpConnection.connect(subject.api())) {
                Api api = new Api(connection, new BufferedInputStream(connection.in()));
                for (int i = 0; i < CALLS; i++) {
                    int status = call(api, path(), body(echo.port()));
                    assertThat(status).as("status of call %d", i).isBetween(200, 505);
                    assertThat(status).as("status of call %d", i).isNotEqualTo(503);
                    if (i % 50 == 0) {
                        traffic(api, echo.port());
                    }
                    if (i == WARM) {
                        warm = heap();
                    }
                }
                long end = heap();
                System.out.printf(
                        "%d calls in %d s; heap %d KiB after %d calls, %d KiB at the end%n",
                        CALLS,
                        (System.nanoTime() - began) / 1_000_000_000,
                        warm >> 10,
                        WARM,
                        end >> 10);
                assertThat(end - warm).as("growth of the heap, bytes").isLessThan(MOST_GROWTH);
                assertThat(call(api, "GET /version", "")).isEqualTo(200);
            }
        } finally {
            subject.close(); // asserts that no socket is open
        }
    }

    /** What is used after a collection, in bytes. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** A connection through a proxy of whatever toxics there are; it may end in any way. */
    private void traffic(Api api, int upstream) throws IOException {
        try (HeldPort port = HeldPort.take()) {
            traffic(api, upstream, port.port());
        }
    }

    private void traffic(Api api, int upstream, int port) throws IOException {
        String proxy =
                """
                {"name":"a","listen":"127.0.0.1:%d","upstream":"127.0.0.1:%d"}\
                """
                        .formatted(port, upstream);
        call(api, "POST /populate", "[" + proxy + "]");
        for (int i = 0; i < 3; i++) {
            call(api, "POST /proxies/a/toxics", toxic());
        }
        try (TcpConnection client =
                TcpConnection.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            client.send("x".repeat(1 + random.nextInt(5000)));
            call(api, "GET /proxies/a", "");
            if (random.nextBoolean()) {
                client.finish();
            }
        } catch (IOException endedByAToxic) {
            // Any end is right; that the server lives is what the next call shows.
        }
    }

    private String path() {
        String name = pick(NAMES).replace(" ", "%20");
        String path =
                switch (random.nextInt(8)) {
                    case 0 -> "/proxies";
                    case 1 -> "/populate";
                    case 2 -> "/reset";
                    case 3, 4 -> "/proxies/" + name;
                    case 5 -> "/proxies/" + name + "/toxics";
                    case 6 -> "/proxies/" + name + "/toxics/" + pick(NAMES).replace(" ", "+");
                    default -> "/" + name + "?" + name;
                };
        return pick(METHODS) + " " + path;
    }

    private String body(int upstream) {
        String body =
                switch (random.nextInt(6)) {
                    case 0 -> "";
                    case 1, 2 -> toxic();
                    case 3 -> "[" + proxy(upstream) + "," + proxy(upstream) + "]";
                    default -> proxy(upstream);
                };
        return random.nextInt(10) > 0 || body.isEmpty()
                ? body
                : body.substring(0, random.nextInt(body.length()));
    }

    private String proxy(int upstream) {
        String listen = random.nextInt(4) == 0 ? "nothing" : "127.0.0.1:0";
        return """
        {"name":"%s","listen":"%s","upstream":"127.0.0.1:%d","enabled":%s}\
        """
                .formatted(
                        pick(NAMES),
                        listen,
                        upstream,
                        random.nextInt(5) == 0 ? pick(NUMBERS) : random.nextBoolean());
    }

    private String toxic() {
        return """
        {"name":"%s","type":"%s","stream":"%s","toxicity":%s,"attributes":{"%s":%s,"%s":%s}}\
        """
                .formatted(
                        pick(NAMES),
                        pick(TYPES),
                        random.nextBoolean() ? "upstream" : "downstream",
                        random.nextInt(4) == 0 ? pick(NUMBERS) : "1",
                        pick(ATTRIBUTES),
                        pick(NUMBERS),
                        pick(ATTRIBUTES),
                        pick(NUMBERS));
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Sends one call and reads its whole answer; its status. */
    private static int call(Api api, String start, String body) throws IOException {
        api.connection()
                .send(
                        start
                                + " HTTP/1.1\r\nhost: t\r\ncontent-length: "
                                + body.getBytes(StandardCharsets.UTF_8).length
                                + "\r\n\r\n"
                                + body);
        String status = line(api);
        int length = 0;
        for (String header = line(api); !header.isEmpty(); header = line(api)) {
            if (header.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        String answer = new String(api.in().readNBytes(length), StandardCharsets.UTF_8);
        assertThat(answer).doesNotContain("internal error");
        return Integer.parseInt(status.substring(9, 12));
    }

    private static String line(Api api) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = api.in().read(); b != '\n'; b = api.in().read()) {
            if (b < 0) {
                throw new IOException("the API closed the connection after '" + line + "'");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }
}
