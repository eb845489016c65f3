package dev.sluice.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatenessTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** One request every 10 ms, and each began so much late. */
    private static List<Entry> late(int requests, Duration... late) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            long intended = i * SECOND / 100;
            long sent = intended + (i < late.length ? late[i].toNanos() : 0);
            Planned planned = new Planned(i, "k", 0, Planned.Operation.READ, intended);
            entries.add(new Entry(planned, sent, sent + 5, Ledgers.ok()));
        }
        return entries;
    }

    @Test
    void is_counted_from_the_intended_begin() {
        Lateness lateness =
                Lateness.of(
                        late(
                                101,
                                Duration.ofMillis(3000),
                                Duration.ofMillis(10),
                                Duration.ofMillis(11)));

        assertThat(lateness.requests()).isEqualTo(101);
        assertThat(lateness.noticeable()).isEqualTo(2);
        assertThat(lateness.grave()).isEqualTo(1);
        assertThat(lateness.p99()).isEqualTo(Duration.ofMillis(11).toNanos());
        assertThat(lateness.longest()).isEqualTo(3 * SECOND);
    }

    @Test
    void the_rate_is_that_at_which_requests_began() {
        assertThat(Lateness.of(late(101)).perSecond()).isCloseTo(100, within(0.001));
        assertThat(Lateness.of(late(1)).perSecond()).isZero();
        assertThat(Lateness.of(List.of())).isEqualTo(new Lateness(0, 0, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"10, 1001, HELD", "11, 1001, BROKEN", "100, 999, HELD"})
    void more_than_one_in_ten_a_second_late_is_another_load(
            int many, int millis, Finding.Verdict verdict) {
        Duration[] late = new Duration[many];
        java.util.Arrays.fill(late, Duration.ofMillis(millis));
        Ledger ledger = Ledgers.of(late(100, late).toArray(Entry[]::new));

        Finding found = Checks.run(ledger, Set.of(Check.RATE)).getFirst();

        assertThat(found.verdict()).isEqualTo(verdict);
        assertThat(found.examples()).hasSize(verdict == Finding.Verdict.BROKEN ? 1 : 0);
    }
}
