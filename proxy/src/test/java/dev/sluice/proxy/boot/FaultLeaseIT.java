package dev.sluice.proxy.boot;

import static dev.sluice.proxy.boot.FaultedArms.BODY;
import static dev.sluice.proxy.boot.FaultedArms.NAME;
import static dev.sluice.proxy.boot.FaultedArms.REQUEST;
import static dev.sluice.proxy.boot.FaultedArms.assertInjected;
import static dev.sluice.proxy.boot.FaultedArms.get;
import static dev.sluice.proxy.boot.FaultedArms.lease;
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
import dev.sluice.proxy.fault.LeaseState;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which attempts a fault lease meets, and what its budget, its end and fallbacks make of it. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class FaultLeaseIT {
    private final FaultedArms arms = new FaultedArms();

    @AfterEach
    void closeArms() {
        arms.close();
    }

    @Test
    void a_status_in_place_of_new_is_answered_by_the_fallback() throws Exception {
        try (RunningProxy proxy = arms.proxy("fallback: {enabled: true}", "timeout: 60s")) {
            take(proxy, new Fault.HttpStatus(503));

            H1Response answer = get(proxy);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.body().text()).as("who answered").isEqualTo("old");
            assertThat(arms.fresh.received()).as("requests that NEW saw").isEmpty();
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
        try (RunningProxy proxy = arms.proxy("", retries)) {
            take(proxy, lease(Arm.NEW, new Fault.HttpStatus(500), 2, Evidence.COUNTED));

            H1Response answer = get(proxy);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(record.upstream().orElseThrow().attempts()).isEqualTo(3);
            assertThat(record.faults()).as("one for each attempt").hasSize(2);
            assertThat(arms.fresh.received()).as("requests that NEW saw").hasSize(1);
            assertThat(state(proxy).phase()).isEqualTo(LeaseState.Phase.SPENT);
            assertThat(state(proxy).matched()).isEqualTo(2);
        }
    }

    @Test
    void the_fallback_itself_can_fail() throws Exception {
        try (RunningProxy proxy = arms.proxy("fallback: {enabled: true}", "timeout: 60s")) {
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
            assertThat(arms.old.received()).as("requests that LEGACY saw").isEmpty();
        }
    }

    @Test
    void faults_of_several_leases_meet_in_one_attempt() throws Exception {
        try (RunningProxy proxy = arms.proxy();
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
        try (RunningProxy proxy = arms.proxy();
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
        try (RunningProxy proxy = arms.proxy()) {
            take(proxy, new Fault.HttpStatus(500));
            proxy.proxy().faults().end(NAME);

            assertThat(get(proxy).status()).isEqualTo(200);
            assertThat(state(proxy).phase()).isEqualTo(LeaseState.Phase.ENDED);
            assertThat(state(proxy).matched()).isZero();
        }
    }
}
