package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testkit.Seeds;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What toxics do to sockets. */
abstract class ToxicsOnTheWire extends WireContract {
    private static final String HOUR = "3600000";

    /** A connection through {@code p} over which one exchange has gone already. */
    private TcpConnection live(InetSocketAddress proxy) throws IOException {
        TcpConnection client = TcpConnection.connect(proxy);
        sends(client, "live");
        assertThat(reads(client, 4)).isEqualTo("live");
        return client;
    }

    /** Whole exchanges elsewhere, so that what is not held up would have arrived by now. */
    private void othersGoOn() throws IOException {
        try (TcpConnection other = TcpConnection.connect(proxied("other", echo().port()))) {
            for (int i = 0; i < 20; i++) {
                sends(other, "ping");
                assertThat(reads(other, 4)).isEqualTo("ping");
            }
        }
        delete("/proxies/other");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "noop|",
                "latency|\"latency\":5,\"jitter\":5",
                "bandwidth|\"rate\":20000",
                "slicer|\"average_size\":700,\"size_variation\":300,\"delay\":10",
                "slow_close|\"delay\":1",
                "limit_data|\"bytes\":10000000"
            })
    void changes_no_byte_in_either_direction(String type, String attributes) throws Exception {
        InetSocketAddress proxy = proxied();
        for (String stream : new String[] {"upstream", "downstream"}) {
            toxic(
                    """
                    "type":"%s","stream":"%s","attributes":{%s}\
                    """
                            .formatted(type, stream, attributes == null ? "" : attributes));
        }
        byte[] bytes = new byte[300_000];
        new Seeds(7).generator().nextBytes(bytes);
        try (TcpConnection client = TcpConnection.connect(proxy)) {
            Thread sender = Thread.ofVirtual().start(() -> sendAll(client, bytes));
            assertThat(client.read(bytes.length)).isEqualTo(bytes);
            sender.join();
        }
    }

    private static void sendAll(TcpConnection client, byte[] bytes) {
        try {
            client.send(bytes);
        } catch (IOException ended) {
            throw new java.io.UncheckedIOException(ended);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "latency|\"latency\":" + HOUR + "|upstream",
                "latency|\"latency\":" + HOUR + "|downstream",
                "bandwidth|\"rate\":0|upstream",
                "bandwidth|\"rate\":0|downstream"
            })
    void holds_data_and_loses_none_when_taken_away(String type, String attributes, String stream)
            throws IOException {
        InetSocketAddress proxy = proxied();
        toxic(
                """
                "name":"t","type":"%s","stream":"%s","attributes":{%s}\
                """
                        .formatted(type, stream, attributes));
        try (TcpConnection client = TcpConnection.connect(proxy)) {
            sends(client, "held");
            othersGoOn();
            assertThat(client.in().available()).as("bytes that got through").isZero();
            assertThat(delete("/proxies/p/toxics/t").status()).isEqualTo(204);
            assertThat(reads(client, 4)).isEqualTo("held");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"upstream", "downstream"})
    void bites_a_connection_that_was_there_before(String stream) throws IOException {
        InetSocketAddress proxy = proxied();
        try (TcpConnection client = live(proxy)) {
            toxic(
                    """
                    "name":"t","type":"latency","stream":"%s","attributes":{"latency":%s}\
                    """
                            .formatted(stream, HOUR));
            sends(client, "held");
            othersGoOn();
            assertThat(client.in().available()).isZero();
            post("/reset", "");
            assertThat(reads(client, 4)).isEqualTo("held");
        }
    }

    @Test
    void goes_on_at_the_new_rate() throws IOException {
        InetSocketAddress proxy = proxied();
        toxic("\"name\":\"t\",\"type\":\"bandwidth\"");
        try (TcpConnection client = TcpConnection.connect(proxy)) {
            sends(client, "held");
            patch("/proxies/p/toxics/t", "{\"attributes\":{\"rate\":1000}}");
            assertThat(reads(client, 4)).isEqualTo("held");
        }
    }

    @Test
    void keeps_the_order_of_bytes_over_several_toxics() throws IOException {
        InetSocketAddress proxy = proxied();
        toxic("\"name\":\"a\",\"type\":\"latency\",\"attributes\":{\"latency\":" + HOUR + "}");
        toxic(
                "\"name\":\"b\",\"type\":\"slicer\",\"attributes\":{\"average_size\":2,\"delay\":10}");
        toxic("\"name\":\"c\",\"type\":\"bandwidth\",\"attributes\":{\"rate\":100}");
        try (TcpConnection client = TcpConnection.connect(proxy)) {
            sends(client, "first,");
            othersGoOn();
            sends(client, "second");
            delete("/proxies/p/toxics/a");
            assertThat(reads(client, 12)).isEqualTo("first,second");
        }
    }

    @Test
    void holds_back_only_the_end_when_it_closes_slowly() throws IOException {
        try (TcpUpstream once =
                TcpUpstream.start(connection ->
                        connection.send("bye".getBytes(java.nio.charset.StandardCharsets.UTF_8)))) {
            InetSocketAddress proxy = proxied("p", once.port());
            toxic("\"name\":\"t\",\"type\":\"slow_close\",\"attributes\":{\"delay\":" + HOUR + "}");
            try (TcpConnection client = TcpConnection.connect(proxy)) {
                assertThat(reads(client, 3)).isEqualTo("bye");
                othersGoOn();
                assertThat(delete("/proxies/p/toxics/t").status()).isEqualTo(204);
                assertThat(untilEnd(client)).isEmpty();
            }
        }
    }

    @Test
    void drops_data_and_closes_after_the_timeout() throws IOException {
        InetSocketAddress proxy = proxied();
        toxic("\"type\":\"timeout\",\"attributes\":{\"timeout\":1}");
        try (TcpConnection client = TcpConnection.connect(proxy)) {
            sends(client, "lost");
            assertThat(untilEnd(client)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"upstream", "downstream"})
    void drops_data_for_ever_and_closes_when_taken_away(String stream) throws IOException {
        InetSocketAddress proxy = proxied();
        toxic("\"name\":\"t\",\"type\":\"timeout\",\"stream\":\"" + stream + "\"");
        try (TcpConnection client = TcpConnection.connect(proxy)) {
            sends(client, "lost");
            othersGoOn();
            assertThat(client.in().available()).isZero();
            delete("/proxies/p/toxics/t");
            assertThat(untilEnd(client)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"upstream", "downstream"})
    void resets_a_connection(String stream) throws IOException {
        InetSocketAddress proxy = proxied();
        toxic("\"type\":\"reset_peer\",\"stream\":\"" + stream + "\"");
        try (TcpConnection client = TcpConnection.connect(proxy)) {
            sends(client, "lost");
            assertThatThrownBy(client::readToEnd)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void resets_a_live_connection() throws IOException {
        InetSocketAddress proxy = proxied();
        try (TcpConnection client = live(proxy)) {
            toxic("\"type\":\"reset_peer\"");
            sends(client, "lost");
            if (has(Difference.RESET_LIVE)) {
                assertThat(untilEnd(client)).isEmpty();
            } else {
                assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,", "1,a", "6,abcdef", "10,abcdefghij"})
    void passes_so_many_bytes_and_closes(int limit, String passed) throws IOException {
        InetSocketAddress proxy = proxied();
        toxic("\"type\":\"limit_data\",\"attributes\":{\"bytes\":" + limit + "}");
        try (TcpConnection client = TcpConnection.connect(proxy)) {
            sends(client, "abcdefghijklm");
            assertThat(untilEnd(client)).isEqualTo(passed == null ? "" : passed);
        }
    }

    @Test
    void counts_what_has_passed_when_the_limit_changes() throws IOException {
        InetSocketAddress proxy = proxied();
        toxic("\"name\":\"t\",\"type\":\"limit_data\",\"attributes\":{\"bytes\":5}");
        try (TcpConnection client = live(proxy)) {
            patch("/proxies/p/toxics/t", "{\"attributes\":{\"bytes\":7}}");
            sends(client, "abcdef");
            assertThat(untilEnd(client)).isEqualTo("abc");
        }
    }

    @Test
    void closes_behind_data_that_a_later_toxic_holds() throws IOException {
        InetSocketAddress proxy = proxied();
        toxic("\"type\":\"limit_data\",\"attributes\":{\"bytes\":3}");
        toxic("\"type\":\"latency\",\"attributes\":{\"latency\":50}");
        try (TcpConnection client = TcpConnection.connect(proxy)) {
            sends(client, "abcdef");
            assertThat(untilEnd(client)).isEqualTo("abc");
        }
    }

    @Test
    void never_bites_with_toxicity_0() throws IOException {
        InetSocketAddress proxy = proxied();
        toxic("\"type\":\"limit_data\",\"toxicity\":0");
        for (int i = 0; i < 20; i++) {
            live(proxy).close();
        }
    }

    @Test
    void decides_about_a_connection_once_and_for_all() throws IOException {
        InetSocketAddress proxy = proxied();
        toxic(
                "\"name\":\"t\",\"type\":\"limit_data\",\"toxicity\":0.5,"
                        + "\"attributes\":{\"bytes\":1000000}");
        int ended = 0;
        for (int i = 0; i < 6; i++) {
            try (TcpConnection client = live(proxy)) {
                ended += survivesPatches(client) ? 0 : 1;
            }
        }
        if (!has(Difference.TOXICITY_ONCE)) {
            assertThat(ended).as("connections that a patch rolled the dice for").isZero();
        }
    }

    /** Patches nothing, many times: the connection must go on as it began. */
    private boolean survivesPatches(TcpConnection client) throws IOException {
        for (int i = 0; i < 8; i++) {
            patch("/proxies/p/toxics/t", "{}");
            sends(client, "x");
            if (client.in().read() < 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void accepts_and_closes_when_the_upstream_is_down() throws IOException {
        InetSocketAddress proxy = proxied("p", TcpUpstream.refusedPort());
        try (TcpConnection client = TcpConnection.connect(proxy)) {
            assertThat(untilEnd(client)).isEmpty();
        }
    }

    @Test
    void passes_on_the_end_of_one_direction_only() throws IOException {
        try (TcpUpstream late =
                TcpUpstream.start(connection -> {
                    connection.readToEnd();
                    connection.send(
                            "after the end".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                })) {
            InetSocketAddress proxy = proxied("p", late.port());
            try (TcpConnection client = TcpConnection.connect(proxy)) {
                sends(client, "ask");
                client.finish();
                String answer = untilEnd(client);
                if (has(Difference.HALF_CLOSE)) {
                    assertThat(answer).isIn("", "after the end");
                } else {
                    assertThat(answer).isEqualTo("after the end");
                }
            }
        }
    }

    @Test
    void ends_both_sides_when_the_upstream_ends() throws IOException {
        try (TcpUpstream brief = TcpUpstream.start(connection -> connection.read(1))) {
            InetSocketAddress proxy = proxied("p", brief.port());
            try (TcpConnection client = TcpConnection.connect(proxy)) {
                sends(client, "x");
                assertThat(untilEnd(client)).isEmpty();
            }
        }
    }

    @Test
    void survives_a_slicer_of_defaults() throws IOException {
        if (has(Difference.SLICER_DEFAULTS)) {
            try (GoSubject fresh = GoSubject.start()) {
                assertThat(new Crash(fresh).by("slicer", "{}")).isTrue();
            }
            return;
        }
        InetSocketAddress proxy = proxied();
        toxic("\"type\":\"slicer\"");
        live(proxy).close();
    }

    @Test
    void survives_a_slicer_whose_variation_is_larger_than_its_size() throws IOException {
        if (has(Difference.SLICER_VARIATION)) {
            return; // the original dies only now and then
        }
        InetSocketAddress proxy = proxied();
        toxic("\"type\":\"slicer\",\"attributes\":{\"average_size\":2,\"size_variation\":9}");
        live(proxy).close();
    }

    @Test
    void refuses_a_negative_rate() throws IOException {
        if (has(Difference.BANDWIDTH_NEGATIVE)) {
            try (GoSubject fresh = GoSubject.start()) {
                assertThat(new Crash(fresh).by("bandwidth", "{\"rate\":-1}")).isTrue();
            }
            return;
        }
        proxied();
        post("/proxies/p/toxics", "{\"type\":\"bandwidth\",\"attributes\":{\"rate\":-1}}")
                .isRefused(400, "bad request body: rate -1 (expected 0 or more KB/s)");
        assertThat(get("/proxies/p/toxics").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "latency|\"latency\":-5,\"jitter\":-5",
                "slow_close|\"delay\":-1",
                "bandwidth|\"rate\":92233720368547758",
                "slicer|\"average_size\":5,\"size_variation\":-3,\"delay\":-1"
            })
    void takes_odd_numbers_as_none(String type, String attributes) throws IOException {
        InetSocketAddress proxy = proxied();
        toxic("\"type\":\"%s\",\"attributes\":{%s}".formatted(type, attributes));
        live(proxy).close();
    }
}
