package dev.sluice.proxy.boot;

import static dev.sluice.proxy.boot.FaultedArms.BODY;
import static dev.sluice.proxy.boot.FaultedArms.FOR_EVER;
import static dev.sluice.proxy.boot.FaultedArms.REQUEST;
import static dev.sluice.proxy.boot.FaultedArms.assertInjected;
import static dev.sluice.proxy.boot.FaultedArms.get;
import static dev.sluice.proxy.boot.FaultedArms.getByHttp2;
import static dev.sluice.proxy.boot.FaultedArms.lease;
import static dev.sluice.proxy.boot.FaultedArms.readBody;
import static dev.sluice.proxy.boot.FaultedArms.state;
import static dev.sluice.proxy.boot.FaultedArms.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.FaultName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.fault.Fault;
import dev.sluice.contract.fault.FaultLease;
import dev.sluice.contract.fault.FaultLease.Evidence;
import dev.sluice.contract.fault.Selection;
import dev.sluice.contract.gate.Arm;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.RawHttp1Client;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faults in the body and the trailers of an answer, as clients and records see them. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class FaultedBodyIT {
    private final FaultedArms arms = new FaultedArms();

    @AfterEach
    void closeArms() {
        arms.close();
    }

    @Test
    void a_corrupt_body_has_its_length_and_wrong_bits() throws Exception {
        try (RunningProxy proxy = arms.proxy()) {
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

    private static FaultLease corrupt(String name, Selection selection) {
        FaultLease all = lease(Arm.NEW, new Fault.CorruptBody(10), 100, Evidence.COUNTED);
        return new FaultLease(
                Optional.of(new FaultName(name)),
                all.gate(),
                all.arm(),
                selection,
                all.fault(),
                all.ttl(),
                all.budget(),
                all.seed(),
                all.evidence(),
                all.reason());
    }

    private static Body of(RunningProxy proxy, String user) throws Exception {
        return RawHttp1Client.get(proxy.port(), "/", "x-user", user).body();
    }

    @Test
    void the_same_bits_are_wrong_again_for_the_same_key() throws Exception {
        Selection byKey =
                new Selection(
                        Set.of(),
                        Set.of(),
                        List.of(),
                        PartsPerMillion.ALL,
                        Selection.Unit.KEY,
                        Set.of());
        Body first;
        try (RunningProxy proxy = arms.proxy()) {
            take(proxy, corrupt("drill", byKey));
            first = of(proxy, "u1");

            assertThat(of(proxy, "u2")).as("of another key").isNotEqualTo(first);
            assertThat(of(proxy, "u1")).as("of the same key").isEqualTo(first).isNotEqualTo(BODY);
        }
        try (RunningProxy replay = arms.proxy()) {
            take(replay, corrupt("drill", byKey));

            assertThat(of(replay, "u2")).as("of another key").isNotEqualTo(first);
            assertThat(of(replay, "u1")).as("of the same key, in a replay").isEqualTo(first);
        }
    }

    @Test
    void two_leases_of_one_seed_do_not_take_each_other_back() throws Exception {
        try (RunningProxy proxy = arms.proxy()) {
            take(proxy, corrupt("one", Selection.ALL));
            take(proxy, corrupt("two", Selection.ALL));

            assertThat(of(proxy, "u1")).isNotEqualTo(BODY);
        }
    }

    @Test
    void a_cut_body_breaks_off() throws Exception {
        try (RunningProxy proxy = arms.proxy();
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
        try (RunningProxy proxy = arms.proxy()) {
            take(proxy, new Fault.CutBody(0));

            assertThat(getByHttp2(proxy, "/").end()).isInstanceOf(H2Message.End.Reset.class);
        }
    }

    @Test
    void a_body_that_is_shorter_than_the_cut_stays_whole() {
        try (RunningProxy proxy = arms.proxy()) {
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
        try (RunningProxy proxy = arms.proxy();
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
        try (RunningProxy proxy = arms.proxy();
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
        try (RunningProxy proxy = arms.proxy();
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

    @Test
    void slow_trailers_come_at_last() {
        try (RunningProxy proxy = arms.proxy()) {
            take(proxy, new Fault.SlowTrailers(Duration.ofMillis(1)));

            H2Message answer = getByHttp2(proxy, "/trailers");

            assertThat(answer.trailers().first("x-end")).contains("1");
        }
    }

    @Test
    void trailers_can_be_lost() {
        try (RunningProxy proxy = arms.proxy()) {
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
        try (RunningProxy proxy = arms.proxy()) {
            take(proxy, new Fault.BodyRate(100_000));

            H2Message answer = getByHttp2(proxy, "/trailers");

            assertThat(answer.body()).isEqualTo(BODY);
            assertThat(answer.trailers().first("x-end")).contains("1");
            assertInjected(proxy.nextRecord(), "body_rate", ResponseFlag.FAULT_INJECTED);
        }
    }

    @Test
    void a_client_need_not_wait_for_a_slow_body() {
        try (RunningProxy proxy = arms.proxy();
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
}
