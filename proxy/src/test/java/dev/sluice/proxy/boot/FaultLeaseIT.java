package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.FaultName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.fault.Fault;
import dev.sluice.contract.fault.FaultLease;
import dev.sluice.contract.fault.FaultLease.Evidence;
import dev.sluice.contract.fault.Selection;
import dev.sluice.contract.gate.Arm;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.fault.LeaseState;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Event;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import io.netty.handler.codec.http2.Http2Error;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Fault leases on the arms of a gate, as clients, upstreams and records see them. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class FaultLeaseIT {
    private static final FaultName NAME = new FaultName("drill");
    private static final Body BODY = Body.of("0123456789".repeat(100));
    private static final String REQUEST = "GET / HTTP/1.1\r\nhost: h\r\nx-user: u1\r\n\r\n";
    private static final Duration FOR_EVER = Duration.ofMinutes(10);

    private final H1Upstream old = H1Upstream.start(request -> H1Answer.ok("old"));
    private final H2Upstream fresh = H2Upstream.start(FaultLeaseIT::answer);

    /** The whole answer has been sent when a fault that looks at its end can break it off. */
    private static H2Answer answer(H2Message request) {
        Headers length = Headers.of("content-length", "1000");
        return switch (request.path()) {
            case "/head" -> H2Answer.status(200);
            case "/trailers" -> H2Answer.of(200, length, BODY, Headers.of("x-end", "1"));
            default -> H2Answer.of(200, length, BODY, Headers.NONE);
        };
    }

    @AfterEach
    void closeUpstreams() {
        old.close();
        fresh.close();
    }

    private RunningProxy proxy(String fallback, String route) {
        String routes = Yaml.gatedRoute(1_000_000, "READ", fallback).replace("timeout: 3s", route);
        return RunningProxy.start(
                1,
                Yaml.bootstrap(
                        routes,
                        Yaml.cluster("old", old.port()),
                        Yaml.http2Cluster("new", fresh.port())));
    }

    private RunningProxy proxy() {
        return proxy("", "timeout: 60s");
    }

    private static FaultLease lease(Arm arm, Fault fault, int budget, Evidence evidence) {
        return new FaultLease(
                Optional.of(NAME),
                new GateName("orders"),
                arm,
                Selection.ALL,
                fault,
                Duration.ofHours(1),
                budget,
                OptionalLong.of(7),
                evidence,
                "a test");
    }

    private static void take(RunningProxy proxy, FaultLease lease) {
        assertThat(proxy.proxy().faults().take(lease))
                .as("taking the lease")
                .isInstanceOf(FaultBook.Taking.Taken.class);
    }

    private static void take(RunningProxy proxy, Fault fault) {
        take(proxy, lease(Arm.NEW, fault, 100, Evidence.COUNTED));
    }

    private static LeaseState state(RunningProxy proxy) {
        return proxy.proxy().faults().find(NAME).orElseThrow();
    }

    private static H1Response get(RunningProxy proxy) throws Exception {
        return RawHttp1Client.get(proxy.port(), "/", "x-user", "u1");
    }

    /** On one event loop, so by one pool. */
    private static H1Response get(RawHttp1Client client) throws Exception {
        return client.exchange("GET", "/", Headers.of("x-user", "u1"), Body.EMPTY);
    }

    private static H2Message getByHttp2(RunningProxy proxy, String path) {
        try (H2Client client = H2Client.connect(proxy.port())) {
            return client.get(path, "x-user", "u1");
        }
    }

    private static void assertInjected(ExchangeRecord record, String kind, ResponseFlag flag) {
        assertThat(record.faults())
                .as("faults of the record")
                .containsExactly(
                        new InjectedFault(NAME.name(), kind, Optional.of(flag), FaultMark.COUNTED));
        assertThat(record.flags()).as("flags").contains(flag);
        assertThat(record.gate().orElseThrow().fault()).isEqualTo(FaultMark.COUNTED);
    }

    @Test
    void a_status_in_place_of_new_is_answered_by_the_fallback() throws Exception {
        try (RunningProxy proxy = proxy("fallback: {enabled: true}", "timeout: 60s")) {
            take(proxy, new Fault.HttpStatus(503));

            H1Response answer = get(proxy);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.body().text()).as("who answered").isEqualTo("old");
            assertThat(fresh.received()).as("requests that NEW saw").isEmpty();
            assertInjected(record, "http_status", ResponseFlag.FAULT_INJECTED);
            assertThat(record.gate().orElseThrow().result())
                    .as("result of the first attempt")
                    .isEqualTo(ExchangeRecord.Result.SERVER_ERROR);
            assertThat(state(proxy).matched()).isEqualTo(1);
            assertThat(state(proxy).injected()).isEqualTo(1);
        }
    }

    @Test
    void a_retry_gets_through_when_the_budget_is_used_up() throws Exception {
        String retries = "timeout: 60s, retry_policy: {retry_on: 5xx, num_retries: 3}";
        try (RunningProxy proxy = proxy("", retries)) {
            take(proxy, lease(Arm.NEW, new Fault.HttpStatus(500), 2, Evidence.COUNTED));

            H1Response answer = get(proxy);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(record.upstream().orElseThrow().attempts()).isEqualTo(3);
            assertThat(record.faults()).as("one for each attempt").hasSize(2);
            assertThat(fresh.received()).as("requests that NEW saw").hasSize(1);
            assertThat(state(proxy).phase()).isEqualTo(LeaseState.Phase.SPENT);
            assertThat(state(proxy).matched()).isEqualTo(2);
        }
    }

    @Test
    void the_fallback_itself_can_fail() throws Exception {
        try (RunningProxy proxy = proxy("fallback: {enabled: true}", "timeout: 60s")) {
            take(proxy, lease(Arm.LEGACY, new Fault.HttpStatus(502), 9, Evidence.COUNTED));
            H1Response untouched = get(proxy);
            ExchangeRecord first = proxy.nextRecord();
            FaultLease onNew = lease(Arm.NEW, new Fault.HttpStatus(503), 9, Evidence.COUNTED);
            take(
                    proxy,
                    new FaultLease(
                            Optional.of(new FaultName("other")),
                            onNew.gate(),
                            onNew.arm(),
                            onNew.selection(),
                            onNew.fault(),
                            onNew.ttl(),
                            onNew.budget(),
                            onNew.seed(),
                            onNew.evidence(),
                            ""));
            H1Response both = get(proxy);

            assertThat(untouched.status()).as("only LEGACY has a fault").isEqualTo(200);
            assertThat(first.faults()).isEmpty();
            assertThat(both.status()).as("both arms fail").isEqualTo(502);
            assertThat(old.received()).as("requests that LEGACY saw").isEmpty();
        }
    }

    @Test
    void a_grpc_status_comes_as_trailers_alone() {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.GrpcStatus(14, "50 % off"));

            H2Message answer = getByHttp2(proxy, "/");
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head().first("grpc-status")).contains("14");
            assertThat(answer.head().first("grpc-message")).contains("50 %25 off");
            assertInjected(record, "grpc_status", ResponseFlag.FAULT_INJECTED);
            assertThat(record.grpcStatus()).isEqualTo(14);
        }
    }

    @Test
    void a_connection_that_cannot_be_made_is_seen_by_nobody() throws Exception {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.Reset(Fault.ResetPoint.CONNECT));

            H1Response answer = get(proxy);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(503);
            assertInjected(record, "reset", ResponseFlag.FAULT_INJECTED);
            assertThat(record.flags()).contains(ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
            assertThat(fresh.connections()).as("connections to NEW").isZero();
        }
    }

    @Test
    void an_answer_that_is_lost_was_given() throws Exception {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.Reset(Fault.ResetPoint.ANSWER));

            H1Response answer = RawHttp1Client.get(proxy.port(), "/head", "x-user", "u1");
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(503);
            assertInjected(record, "reset", ResponseFlag.FAULT_INJECTED);
            assertThat(record.flags()).contains(ResponseFlag.UPSTREAM_REMOTE_RESET);
            assertThat(fresh.received()).as("requests that NEW acted on").hasSize(1);
        }
    }

    @Test
    void a_goaway_costs_a_connection_and_no_request() throws Exception {
        try (RunningProxy proxy = proxy();
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response before = get(client);
            proxy.nextRecord();
            take(proxy, lease(Arm.NEW, new Fault.Goaway(), 1, Evidence.COUNTED));

            H1Response answer = get(client);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(before.status()).isEqualTo(200);
            assertThat(answer.status()).isEqualTo(200);
            assertInjected(record, "goaway", ResponseFlag.FAULT_INJECTED);
            assertThat(fresh.connections()).as("connections to NEW").isEqualTo(2);
            assertThat(fresh.received()).as("requests that NEW saw").hasSize(2);
        }
    }

    @Test
    void a_delay_runs_against_the_time_of_the_route() throws Exception {
        try (RunningProxy proxy = proxy("", "timeout: 0.2s")) {
            take(proxy, new Fault.Delay(FOR_EVER));

            H1Response answer = get(proxy);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(504);
            assertInjected(record, "delay", ResponseFlag.DELAY_INJECTED);
            assertThat(record.flags()).contains(ResponseFlag.UPSTREAM_REQUEST_TIMEOUT);
            assertThat(fresh.received()).as("requests that NEW saw").isEmpty();
        }
    }

    @Test
    void a_delay_runs_against_the_time_of_one_attempt_and_is_answered_by_the_fallback()
            throws Exception {
        String retry =
                "timeout: 60s, retry_policy: {retry_on: gateway-error, per_try_timeout: 0.05s}";
        try (RunningProxy proxy = proxy("fallback: {enabled: true}", retry)) {
            take(proxy, new Fault.Delay(FOR_EVER));

            H1Response answer = get(proxy);

            assertThat(answer.body().text()).as("who answered").isEqualTo("old");
            assertThat(fresh.received()).as("requests that NEW saw").isEmpty();
            assertThat(state(proxy).injected()).as("attempts that were delayed").isPositive();
        }
    }

    @Test
    void a_short_delay_ends_and_the_request_goes_on() throws Exception {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.Delay(Duration.ofMillis(1)));

            H1Response answer = get(proxy);

            assertThat(answer.body()).isEqualTo(BODY);
            assertInjected(proxy.nextRecord(), "delay", ResponseFlag.DELAY_INJECTED);
        }
    }

    @Test
    void a_client_that_leaves_ends_a_delay() throws Exception {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.Delay(FOR_EVER));
            try (H2Client client = H2Client.connect(proxy.port())) {
                client.open("GET", "/", "x-user", "u1").reset(Http2Error.CANCEL);
            }

            assertThat(proxy.nextRecord().flags())
                    .contains(
                            ResponseFlag.DELAY_INJECTED,
                            ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION);
        }
    }

    @Test
    void a_corrupt_body_has_its_length_and_wrong_bits() throws Exception {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.CorruptBody(100));

            byte[] body = get(proxy).body().bytes();

            int wrong = 0;
            for (int i = 0; i < body.length; i++) {
                wrong += body[i] == BODY.bytes()[i] ? 0 : 1;
            }
            assertThat(body).hasSize(BODY.size());
            assertThat(body[0]).as("first byte").isNotEqualTo(BODY.bytes()[0]);
            assertThat(wrong).as("wrong bytes of 1,000 at one in 100").isBetween(2, 50);
            assertInjected(proxy.nextRecord(), "corrupt_body", ResponseFlag.FAULT_INJECTED);
        }
    }

    @Test
    void a_cut_body_breaks_off() throws Exception {
        try (RunningProxy proxy = proxy();
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            take(proxy, new Fault.CutBody(100));

            client.send(REQUEST);
            client.readHead();
            Body rest = client.readToClose();
            ExchangeRecord record = proxy.nextRecord();

            assertThat(rest.text()).isEqualTo(BODY.text().substring(0, 100));
            assertInjected(record, "cut_body", ResponseFlag.FAULT_INJECTED);
            assertThat(record.gate().orElseThrow().result()).isEqualTo(ExchangeRecord.Result.RESET);
        }
    }

    @Test
    void a_cut_body_is_a_reset_of_its_stream() {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.CutBody(0));

            assertThat(getByHttp2(proxy, "/").end()).isInstanceOf(H2Message.End.Reset.class);
        }
    }

    @Test
    void a_body_that_is_shorter_than_the_cut_stays_whole() {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.CutBody(1000));

            H2Message answer = getByHttp2(proxy, "/");

            assertThat(answer.body()).isEqualTo(BODY);
            assertThat(proxy.nextRecord().faults()).isEmpty();
            assertThat(state(proxy).matched()).isEqualTo(1);
            assertThat(state(proxy).injected()).isZero();
        }
    }

    @Test
    void a_length_that_is_too_long_leaves_the_client_short() throws Exception {
        try (RunningProxy proxy = proxy();
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            take(proxy, new Fault.WrongLength(5));

            client.send(REQUEST);
            H1Response head = client.readHead();
            Body rest = client.readToClose();

            assertThat(head.headers().first("content-length")).contains("1005");
            assertThat(rest).isEqualTo(BODY);
            assertInjected(proxy.nextRecord(), "wrong_length", ResponseFlag.FAULT_INJECTED);
        }
    }

    @Test
    void a_length_that_is_too_short_is_kept_and_no_byte_more() throws Exception {
        try (RunningProxy proxy = proxy();
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            take(proxy, new Fault.WrongLength(-990));

            client.send(REQUEST);
            H1Response head = client.readHead();
            Body rest = client.readToClose();

            assertThat(head.headers().first("content-length")).contains("10");
            assertThat(rest.text()).isEqualTo("0123456789");
        }
    }

    @Test
    void slow_trailers_hold_the_end_back() {
        try (RunningProxy proxy = proxy();
                H2Client client = H2Client.connect(proxy.port())) {
            take(proxy, new Fault.SlowTrailers(FOR_EVER));

            H2Stream stream = client.open();
            stream.sendLast(H2Client.request("GET", "/", "x-user", "u1"));
            stream.readHead();
            Body body = readBody(stream, BODY.size());
            stream.reset(Http2Error.CANCEL);

            assertThat(body).as("what came before the end").isEqualTo(BODY);
            assertInjected(proxy.nextRecord(), "slow_trailers", ResponseFlag.FAULT_INJECTED);
        }
    }

    /** The first bytes of a body; none of its frames may be the last. */
    private static Body readBody(H2Stream stream, int size) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < size) {
            assertThat(stream.nextEvent())
                    .isInstanceOfSatisfying(
                            H2Event.Data.class,
                            data -> {
                                assertThat(data.last()).as("the end").isFalse();
                                bytes.writeBytes(data.body().bytes());
                            });
        }
        return Body.of(bytes.toByteArray());
    }

    @Test
    void slow_trailers_come_at_last() {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.SlowTrailers(Duration.ofMillis(1)));

            H2Message answer = getByHttp2(proxy, "/trailers");

            assertThat(answer.trailers().first("x-end")).contains("1");
        }
    }

    @Test
    void trailers_can_be_lost() {
        try (RunningProxy proxy = proxy()) {
            H2Message before = getByHttp2(proxy, "/trailers");
            proxy.nextRecord();
            take(proxy, new Fault.MissingTrailers());

            H2Message answer = getByHttp2(proxy, "/trailers");

            assertThat(before.trailers().first("x-end")).contains("1");
            assertThat(answer.body()).isEqualTo(BODY);
            assertThat(answer.trailers().first("x-end")).isEmpty();
            assertInjected(proxy.nextRecord(), "missing_trailers", ResponseFlag.FAULT_INJECTED);
        }
    }

    @Test
    void a_slow_body_arrives_whole() {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.BodyRate(100_000));

            H2Message answer = getByHttp2(proxy, "/trailers");

            assertThat(answer.body()).isEqualTo(BODY);
            assertThat(answer.trailers().first("x-end")).contains("1");
            assertInjected(proxy.nextRecord(), "body_rate", ResponseFlag.FAULT_INJECTED);
        }
    }

    @Test
    void a_client_need_not_wait_for_a_slow_body() {
        try (RunningProxy proxy = proxy();
                H2Client client = H2Client.connect(proxy.port())) {
            take(proxy, new Fault.BodyRate(5));

            H2Stream stream = client.open();
            stream.sendLast(H2Client.request("GET", "/", "x-user", "u1"));
            stream.readHead();
            readBody(stream, 1);
            stream.reset(Http2Error.CANCEL);
            ExchangeRecord record = proxy.nextRecord();

            assertInjected(record, "body_rate", ResponseFlag.FAULT_INJECTED);
            assertThat(record.flags()).contains(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION);
            assertThat(record.bytesSent()).isLessThan(BODY.size());
        }
    }

    @Test
    void faults_of_several_leases_meet_in_one_attempt() throws Exception {
        try (RunningProxy proxy = proxy();
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            take(proxy, new Fault.CutBody(500));
            FaultLease rate = lease(Arm.NEW, new Fault.BodyRate(50_000), 9, Evidence.EXCLUDED);
            take(
                    proxy,
                    new FaultLease(
                            Optional.empty(),
                            rate.gate(),
                            rate.arm(),
                            rate.selection(),
                            rate.fault(),
                            rate.ttl(),
                            rate.budget(),
                            OptionalLong.empty(),
                            rate.evidence(),
                            ""));

            client.send(REQUEST);
            client.readHead();
            Body rest = client.readToClose();
            ExchangeRecord record = proxy.nextRecord();

            assertThat(rest.text()).isEqualTo(BODY.text().substring(0, 500));
            assertThat(record.faults())
                    .extracting(InjectedFault::kind)
                    .containsExactlyInAnyOrder("cut_body", "body_rate");
            assertThat(record.gate().orElseThrow().fault())
                    .as("one lease leaves it out")
                    .isEqualTo(FaultMark.EXCLUDED);
        }
    }

    @Test
    void a_share_by_key_meets_the_same_keys_each_time() throws Exception {
        try (RunningProxy proxy = proxy();
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            FaultLease all = lease(Arm.NEW, new Fault.HttpStatus(500), 1000, Evidence.COUNTED);
            Selection half =
                    new Selection(
                            Set.of("gated"),
                            Set.of(),
                            List.of(),
                            new PartsPerMillion(500_000),
                            Selection.Unit.KEY,
                            Set.of());
            take(
                    proxy,
                    new FaultLease(
                            all.name(),
                            all.gate(),
                            all.arm(),
                            half,
                            all.fault(),
                            all.ttl(),
                            all.budget(),
                            all.seed(),
                            all.evidence(),
                            ""));

            List<Integer> first = statuses(client);
            List<Integer> again = statuses(client);

            assertThat(again).isEqualTo(first);
            assertThat(first).contains(200, 500);
        }
    }

    private static List<Integer> statuses(RawHttp1Client client) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            statuses.add(
                    client.exchange("GET", "/", Headers.of("x-user", "u" + i), Body.EMPTY)
                            .status());
        }
        return statuses;
    }

    @Test
    void a_lease_that_was_ended_meets_nobody() throws Exception {
        try (RunningProxy proxy = proxy()) {
            take(proxy, new Fault.HttpStatus(500));
            proxy.proxy().faults().end(NAME);

            assertThat(get(proxy).status()).isEqualTo(200);
            assertThat(state(proxy).phase()).isEqualTo(LeaseState.Phase.ENDED);
            assertThat(state(proxy).matched()).isZero();
        }
    }
}
