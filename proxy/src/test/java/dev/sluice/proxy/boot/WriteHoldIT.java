package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.decide.DecisionHeader;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Reason;
import dev.sluice.proxy.gate.HeldWrites;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.RawHttp1Client;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Writes of a gate whose write authority moves, as clients of the proxy see it. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class WriteHoldIT {
    private static final String ALL = "write_hold: {from_bucket: 0, to_bucket: 1000000, max_wait: ";
    private static final String HOLD = ALL + "60s}";
    private static final String POST =
            "POST /w HTTP/1.1\r\nhost: h\r\nx-user: u1\r\nx-sluice-explain: 1\r\n"
                    + "content-length: 4\r\n\r\nbody";

    private final H1Upstream old = H1Upstream.start(request -> H1Answer.ok("old"));
    private final H1Upstream fresh = H1Upstream.start(request -> H1Answer.ok("new"));

    @AfterEach
    void closeUpstreams() {
        old.close();
        fresh.close();
    }

    /**
     * Reads below {@code /r}, writes below {@code /w}, of one gate.
     *
     * @param below NEW's write authority, parts per million
     */
    private String gated(int share, int below, String more) {
        String fields =
                """
                store_kind: SEPARATE
                from: SHADOW
                to: LIVE
                contract_version: 3
                write_authority: {new_below_ppm: %d}
                %s
                """
                        .formatted(below, more)
                        .indent(12)
                        .strip();
        return Yaml.bootstrap(
                route("/r", "READ", share, fields) + route("/w", "UNSAFE_WRITE", share, fields),
                Yaml.cluster("old", old.port()),
                Yaml.cluster("new", fresh.port()));
    }

    private static String route(String prefix, String operationClass, int share, String fields) {
        String oneStore =
                """
                store_kind: SHARED
                from: OFF
                to: COMPLETE
                """
                        .indent(12)
                        .strip();
        return Yaml.gatedRoute(share, operationClass, "")
                .replace("prefix: /", "prefix: " + prefix)
                .replace("timeout: 3s", "timeout: 0s")
                .replace(oneStore, fields);
    }

    private static HeldWrites writes(RunningProxy proxy) {
        return proxy.proxy().gates().heldWrites();
    }

    private static void untilWaiting(RunningProxy proxy, int writes) throws Exception {
        ManagedProxy.until(writes + " waiting", () -> writes(proxy).waiting() == writes);
    }

    private static GateDecision decision(H1Response answer) {
        return DecisionHeader.parse(answer.headers().first(DecisionHeader.NAME).orElseThrow())
                .orThrow();
    }

    @Test
    void a_held_write_waits_while_reads_pass_and_goes_to_new_after_the_switch() throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, gated(1_000_000, 0, HOLD));
                RawHttp1Client writer = RawHttp1Client.connect(proxy.port())) {
            writer.send(POST);
            untilWaiting(proxy, 1);
            String read = RawHttp1Client.get(proxy.port(), "/r", "x-user", "u1").body().text();
            assertThat(old.received()).as("writes that LEGACY got").isEmpty();
            proxy.swap(2, gated(1_000_000, 1_000_000, ""));
            H1Response answer = writer.readResponse();

            assertThat(read).as("a read meanwhile").isEqualTo("new");
            assertThat(answer.body().text()).as("the write").isEqualTo("new");
            assertThat(decision(answer).reason()).isEqualTo(Reason.WRITE_AUTHORITY);
            H1Request written = fresh.received().getLast();
            assertThat(written.body().text()).as("its body").isEqualTo("body");
            Map<String, Long> held =
                    Stream.of(proxy.nextRecord(), proxy.nextRecord())
                            .collect(
                                    Collectors.toMap(
                                            ExchangeRecord::path,
                                            one -> one.gate().orElseThrow().heldNanos()));
            assertThat(held).as("nanoseconds held").containsEntry("/r", 0L);
            assertThat(held.get("/w")).isPositive();
            assertThat(writes(proxy).released()).isEqualTo(1);
        }
    }

    @Test
    void a_hold_that_is_given_up_sends_its_writes_where_they_went_before() throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, gated(0, 0, HOLD));
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream writer = client.open("POST", "/w", "x-user", "u1");
            writer.sendLastData(new byte[1_000]);
            untilWaiting(proxy, 1);
            H2Message read = client.get("/r", "x-user", "u1");
            proxy.swap(2, gated(0, 0, ""));
            H2Message answer = writer.readMessage();

            assertThat(read.body().text()).as("a read of the same connection").isEqualTo("old");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().text()).isEqualTo("old");
            assertThat(old.received().getLast().body().size()).isEqualTo(1_000);
        }
    }

    @Test
    void a_write_outside_of_the_interval_passes() throws Exception {
        String none = "write_hold: {from_bucket: 0, to_bucket: 1}";
        try (RunningProxy proxy = RunningProxy.start(1, gated(0, 0, none));
                RawHttp1Client writer = RawHttp1Client.connect(proxy.port())) {
            writer.send(POST);

            assertThat(writer.readResponse().body().text()).isEqualTo("old");
            assertThat(writes(proxy).released()).as("writes that waited").isZero();
        }
    }

    @Test
    void a_write_that_waits_for_too_long_is_refused_and_may_come_again() throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, gated(0, 0, ALL + "0.05s}"));
                RawHttp1Client writer = RawHttp1Client.connect(proxy.port());
                H2Client client = H2Client.connect(proxy.port())) {
            writer.send(POST);
            H1Response refused = writer.readResponse();
            ExchangeRecord record = proxy.nextRecord();
            H2Message second = client.post("/w", Body.of("body"), "x-user", "u1");

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers().first("retry-after")).contains("1");
            assertThat(refused.body().text()).startsWith("write_held: ");
            assertThat(second.status()).as("over HTTP/2").isEqualTo(503);
            assertThat(second.head().first("retry-after")).contains("1");
            assertThat(record.details()).startsWith("write_held: the write authority of its key");
            assertThat(record.gate()).as("evidence of an arm").isEmpty();
            assertThat(old.received()).isEmpty();
            assertThat(fresh.received()).isEmpty();
            assertThat(writes(proxy).timedOut()).isEqualTo(2);
        }
    }

    @Test
    void a_client_that_leaves_sends_nothing_any_more() throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, gated(0, 0, HOLD));
                H2Client client = H2Client.connect(proxy.port())) {
            try (RawHttp1Client writer = RawHttp1Client.connect(proxy.port())) {
                writer.send(POST);
                untilWaiting(proxy, 1);
            }
            untilWaiting(proxy, 0);
            H2Stream stream = client.open("POST", "/w", "x-user", "u1");
            stream.sendData(new byte[1]);
            untilWaiting(proxy, 1);
            stream.reset(Http2Error.CANCEL);
            untilWaiting(proxy, 0);
            proxy.swap(2, gated(0, 0, ""));

            for (int left = 0; left < 2; left++) {
                assertThat(proxy.nextRecord().flags())
                        .contains(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION);
            }
            assertThat(client.get("/r", "x-user", "u1").status()).isEqualTo(200);
            assertThat(old.received()).as("requests of those that stayed").hasSize(1);
            assertThat(writes(proxy).left()).isEqualTo(2);
        }
    }

    @Test
    void a_write_that_is_held_when_a_drain_begins_goes_on_by_the_next_revision() throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, gated(1_000_000, 0, HOLD));
                RawHttp1Client writer = RawHttp1Client.connect(proxy.port());
                H2Client client = H2Client.connect(proxy.port())) {
            writer.send(POST);
            H2Stream second = client.open("POST", "/w", "x-user", "u1");
            second.sendLastData(new byte[1_000]);
            untilWaiting(proxy, 2);
            CompletableFuture<Void> drained = proxy.proxy().drain();
            client.connection().nextGoAway();
            assertThat(drained).as("while two writes wait").isNotDone();
            proxy.swap(2, gated(1_000_000, 1_000_000, ""));
            H1Response answer = writer.readResponse();
            H2Message other = second.readMessage();

            Patience.await(drained, "the writers to leave");
            assertThat(answer.body().text()).isEqualTo("new");
            assertThat(answer.headers().first("connection")).contains("close");
            assertThat(other.body().text()).as("over HTTP/2").isEqualTo("new");
            assertThat(fresh.received()).as("writes that NEW got").hasSize(2);
            assertThat(old.received()).as("writes that LEGACY got").isEmpty();
        }
    }

    @Test
    void a_write_that_a_drain_can_not_wait_for_is_refused_and_may_come_again() throws Exception {
        ProxySettings hasty =
                ProxySettings.defaults().withEventLoops(1).withDrain(Duration.ofMillis(200));
        try (RunningProxy proxy = RunningProxy.start(hasty, gated(1_000_000, 0, HOLD));
                RawHttp1Client writer = RawHttp1Client.connect(proxy.port());
                H2Client client = H2Client.connect(proxy.port())) {
            writer.send(POST);
            H2Stream second = client.open("POST", "/w", "x-user", "u1");
            second.sendLastData(new byte[1_000]);
            untilWaiting(proxy, 2);
            CompletableFuture<Void> drained = proxy.proxy().drain();
            H1Response refused = writer.readResponse();
            H2Message other = second.readMessage();

            Patience.await(drained, "the writers to leave");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers().first("retry-after")).contains("1");
            assertThat(refused.body().text()).contains("about to end");
            assertThat(other.status()).as("over HTTP/2").isEqualTo(503);
            assertThat(other.head().first("retry-after")).contains("1");
            assertThat(fresh.received()).isEmpty();
            assertThat(old.received()).isEmpty();
            assertThat(writes(proxy).timedOut()).isEqualTo(2);
        }
    }

    @Test
    void a_kill_moves_reads_and_no_write() throws Exception {
        String killed = "kill: {reason: errors}";
        try (RunningProxy proxy = RunningProxy.start(1, gated(1_000_000, 1_000_000, killed));
                RawHttp1Client writer = RawHttp1Client.connect(proxy.port())) {
            writer.send(POST);
            H1Response written = writer.readResponse();
            String read = RawHttp1Client.get(proxy.port(), "/r", "x-user", "u1").body().text();

            assertThat(read).as("a read").isEqualTo("old");
            assertThat(written.body().text()).as("a write").isEqualTo("new");
        }
    }
}
