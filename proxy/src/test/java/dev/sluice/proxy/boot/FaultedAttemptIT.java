package dev.sluice.proxy.boot;

import static dev.sluice.proxy.boot.FaultedArms.BODY;
import static dev.sluice.proxy.boot.FaultedArms.FOR_EVER;
import static dev.sluice.proxy.boot.FaultedArms.assertInjected;
import static dev.sluice.proxy.boot.FaultedArms.get;
import static dev.sluice.proxy.boot.FaultedArms.getByHttp2;
import static dev.sluice.proxy.boot.FaultedArms.lease;
import static dev.sluice.proxy.boot.FaultedArms.state;
import static dev.sluice.proxy.boot.FaultedArms.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.fault.Fault;
import dev.sluice.contract.fault.FaultLease.Evidence;
import dev.sluice.contract.gate.Arm;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.RawHttp1Client;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Faults in place of an attempt or before its answer, as clients, upstreams and records see them.
 */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class FaultedAttemptIT {
    private final FaultedArms arms = new FaultedArms();

    @AfterEach
    void closeArms() {
        arms.close();
    }

    @Test
    void a_grpc_status_comes_as_trailers_alone() {
        try (RunningProxy proxy = arms.proxy()) {
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
        try (RunningProxy proxy = arms.proxy()) {
            take(proxy, new Fault.Reset(Fault.ResetPoint.CONNECT));

            H1Response answer = get(proxy);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(503);
            assertInjected(record, "reset", ResponseFlag.FAULT_INJECTED);
            assertThat(record.flags()).contains(ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
            assertThat(arms.fresh.connections()).as("connections to NEW").isZero();
        }
    }

    @Test
    void an_answer_that_is_lost_was_given() throws Exception {
        try (RunningProxy proxy = arms.proxy()) {
            take(proxy, new Fault.Reset(Fault.ResetPoint.ANSWER));

            H1Response answer = RawHttp1Client.get(proxy.port(), "/head", "x-user", "u1");
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(503);
            assertInjected(record, "reset", ResponseFlag.FAULT_INJECTED);
            assertThat(record.flags()).contains(ResponseFlag.UPSTREAM_REMOTE_RESET);
            assertThat(arms.fresh.received()).as("requests that NEW acted on").hasSize(1);
        }
    }

    @Test
    void a_goaway_costs_a_connection_and_no_request() throws Exception {
        try (RunningProxy proxy = arms.proxy();
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response before = get(client);
            proxy.nextRecord();
            take(proxy, lease(Arm.NEW, new Fault.Goaway(), 1, Evidence.COUNTED));

            H1Response answer = get(client);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(before.status()).isEqualTo(200);
            assertThat(answer.status()).isEqualTo(200);
            assertInjected(record, "goaway", ResponseFlag.FAULT_INJECTED);
            assertThat(arms.fresh.connections()).as("connections to NEW").isEqualTo(2);
            assertThat(arms.fresh.received()).as("requests that NEW saw").hasSize(2);
        }
    }

    @Test
    void a_delay_runs_against_the_time_of_the_route() throws Exception {
        try (RunningProxy proxy = arms.proxy("", "timeout: 0.2s")) {
            take(proxy, new Fault.Delay(FOR_EVER));

            H1Response answer = get(proxy);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(504);
            assertInjected(record, "delay", ResponseFlag.DELAY_INJECTED);
            assertThat(record.flags()).contains(ResponseFlag.UPSTREAM_REQUEST_TIMEOUT);
            assertThat(arms.fresh.received()).as("requests that NEW saw").isEmpty();
        }
    }

    @Test
    void a_delay_runs_against_the_time_of_one_attempt_and_is_answered_by_the_fallback()
            throws Exception {
        String retry =
                "timeout: 60s, retry_policy: {retry_on: gateway-error, per_try_timeout: 0.05s}";
        try (RunningProxy proxy = arms.proxy("fallback: {enabled: true}", retry)) {
            take(proxy, new Fault.Delay(FOR_EVER));

            H1Response answer = get(proxy);

            assertThat(answer.body().text()).as("who answered").isEqualTo("old");
            assertThat(arms.fresh.received()).as("requests that NEW saw").isEmpty();
            assertThat(state(proxy).injected()).as("attempts that were delayed").isPositive();
        }
    }

    @Test
    void a_short_delay_ends_and_the_request_goes_on() throws Exception {
        try (RunningProxy proxy = arms.proxy()) {
            take(proxy, new Fault.Delay(Duration.ofMillis(1)));

            H1Response answer = get(proxy);

            assertThat(answer.body()).isEqualTo(BODY);
            assertInjected(proxy.nextRecord(), "delay", ResponseFlag.DELAY_INJECTED);
        }
    }

    @Test
    void a_client_that_leaves_ends_a_delay() throws Exception {
        try (RunningProxy proxy = arms.proxy()) {
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
}
