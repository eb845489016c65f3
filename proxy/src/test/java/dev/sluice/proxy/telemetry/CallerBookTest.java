package dev.sluice.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.LogFacts;
import dev.sluice.proxy.observe.ServedCall;
import dev.sluice.proxy.telemetry.CallerBook.Calls;
import dev.sluice.proxy.telemetry.CallerBook.Who;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerBookTest {
    private final CallerBook book = new CallerBook();

    private void call(String service, String operation, boolean refused, long startMillis) {
        book.finished(
                exchange(
                        Optional.of(
                                new ServedCall(
                                        new GateName("orders"),
                                        Arm.LEGACY,
                                        operation,
                                        "spiffe://mesh/" + service,
                                        service,
                                        refused)),
                        startMillis));
    }

    private static ExchangeRecord exchange(Optional<ServedCall> served, long startMillis) {
        return new ExchangeRecord(
                startMillis,
                "l",
                "HTTP/1.1",
                "GET",
                "",
                "/",
                200,
                -1,
                Set.of(),
                "",
                0,
                0,
                new ExchangeRecord.Times(1_000_000, 1, 1),
                "r",
                Optional.empty(),
                Optional.empty(),
                "",
                List.of(),
                List.of(),
                InetSocketAddress.createUnresolved("c", 1),
                "",
                Optional.empty(),
                LogFacts.NONE,
                served);
    }

    @Test
    void tells_callers_and_operations_apart() {
        call("a", "read", /* refused= */ false, 10);
        call("a", "read", /* refused= */ true, 20);
        call("a", "write", /* refused= */ false, 30);
        call("b", "read", /* refused= */ false, 40);

        assertThat(book.read()).extracting(Calls::requests).containsExactly(2L, 1L, 1L);
        Calls first = book.read().getFirst();
        assertThat(first.caller().who()).isEqualTo(new Who.One("spiffe://mesh/a", "a"));
        assertThat(first.refused()).as("refused").isEqualTo(1);
        assertThat(first.last()).as("end of the last call").isEqualTo(Instant.ofEpochMilli(21));
    }

    @Test
    void callers_beyond_the_bound_count_together() {
        for (int i = 0; i < CallerBook.MOST_CALLERS + 500; i++) {
            call("s" + i, "read", /* refused= */ false, i);
        }
        call("s0", "read", /* refused= */ false, 0);

        List<Calls> all = book.read();
        assertThat(all).hasSize(CallerBook.MOST_CALLERS + 1);
        assertThat(all)
                .filteredOn(calls -> calls.caller().who() instanceof Who.Others)
                .extracting(Calls::requests)
                .containsExactly(500L);
        assertThat(all).filteredOn(calls -> calls.requests() == 2).as("known callers").hasSize(1);
    }

    @Test
    void metrics_show_callers_that_came_before_and_after_they_were_loaded() {
        call("early", "read", /* refused= */ false, 0);
        try (Metrics metrics = new Metrics()) {
            metrics.callers(book);
            call("late", "read", /* refused= */ false, 0);
            call("late", "read", /* refused= */ false, 0);

            assertThat(metrics.scrape())
                    .contains(line("early") + " 1.0")
                    .contains(line("late") + " 2.0");
        }
    }

    private static String line(String service) {
        return ("sluice_gate_callers_total{arm=\"LEGACY\",gate=\"orders\","
                        + "identity=\"spiffe://mesh/%s\",operation=\"read\",others=\"false\","
                        + "service=\"%s\"}")
                .formatted(service, service);
    }

    @Test
    void an_exchange_that_is_no_call_of_the_service_counts_nowhere() {
        book.finished(exchange(Optional.empty(), 0));

        assertThat(book.read()).isEmpty();
    }

    @Test
    void a_name_that_a_caller_makes_up_is_cut() {
        call("x".repeat(1_000), "read", /* refused= */ false, 0);

        assertThat(((Who.One) book.read().getFirst().caller().who()).service())
                .hasSize(ServedCall.LONGEST_SERVICE);
    }
}
