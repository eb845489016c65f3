package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.Entry;
import dev.sluice.contract.decide.DecisionHeader;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Reason;
import dev.sluice.e2e.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row D5: the database of NEW fails its users, and those of LEGACY do not wait with them. In the
 * size of a build that is a count: of LEGACY's users meanwhile, more than half are answered before
 * any of NEW is. What was measured is printed.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseRowsIT {
    private static final boolean FULL = "full".equals(System.getProperty("sluice.catalogue"));
    private static final int SECONDS = 5;
    private static final int CALM = 30;

    /** The shortest time that a user of NEW waits for a slow database, or for a connection. */
    private static final Duration HELD_UP = Duration.ofMillis(200);

    /** How much a 99th percentile of LEGACY may grow, beside half of it. */
    private static final Duration SLACK = Duration.ofMillis(2);

    private final Running running = new Running();
    private StoredShop shop;
    private Laboratory laboratory;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        shop = running.keep(StoredShop.start());
        laboratory = running.keep(Laboratory.open(folder, shop.doors()));
    }

    @AfterAll
    void stop() {
        running.close();
    }

    /** Ends trips of the row before, so that each begins with the gate in force. */
    @BeforeEach
    void resume() {
        laboratory.resume();
    }

    @ParameterizedTest
    @ValueSource(strings = {"d5-slow-database", "d5-no-connections", "d5-database-gone"})
    void users_of_legacy_do_not_wait_for_the_database_of_new(String file) throws Exception {
        List<Entry> ledger =
                UnderLoad.ledger(
                        laboratory,
                        file,
                        SECONDS,
                        UnderLoad.Users.SEE_NO_ERROR,
                        "toxiproxy=" + shop.toxiproxy(),
                        "proxy=" + StoredShop.PROXY,
                        "database=" + shop.url(),
                        "user=shop_new");

        List<Entry> heldUp =
                of(ledger, DatabaseRowsIT::goesToNew).stream()
                        .filter(entry -> entry.latency() >= HELD_UP.toNanos())
                        .toList();
        assertThat(heldUp).as("users of NEW that waited").hasSizeGreaterThan(10);
        long from = heldUp.stream().mapToLong(Entry::sent).min().orElseThrow();
        long to = heldUp.stream().mapToLong(Entry::ended).max().orElseThrow();
        List<Entry> meanwhile =
                of(ledger, DatabaseRowsIT::goesToLegacy).stream()
                        .filter(entry -> entry.ended() >= from && entry.sent() <= to)
                        .toList();
        System.out.printf(
                Locale.ROOT,
                "%s: %d users of NEW waited for %d ms and more; %d users of LEGACY meanwhile: %s%n",
                file,
                heldUp.size(),
                HELD_UP.toMillis(),
                meanwhile.size(),
                waits(meanwhile));
        assertThat(quantile(meanwhile, 50))
                .as("half of LEGACY's users, against the fastest of NEW that waited")
                .isLessThan(heldUp.stream().mapToLong(Entry::latency).min().orElseThrow());
        if (FULL) {
            laboratory.resume();
            List<Entry> calm = of(UnderLoad.calm(laboratory, CALM), DatabaseRowsIT::goesToLegacy);
            System.out.printf(Locale.ROOT, "users of LEGACY in a calm: %s%n", waits(calm));
            assertThat(quantile(meanwhile, 99))
                    .as("99 %% of LEGACY's users, against a calm")
                    .isLessThan(quantile(calm, 99) * 3 / 2 + SLACK.toNanos());
        }
    }

    private static List<Entry> of(List<Entry> ledger, Predicate<GateDecision> which) {
        return ledger.stream()
                .filter(entry -> decision(entry.answer()).filter(which).isPresent())
                .toList();
    }

    private static Optional<GateDecision> decision(Answer answer) {
        return answer instanceof Answer.Complete complete
                ? complete.decision().flatMap(header -> DecisionHeader.parse(header).toOptional())
                : Optional.empty();
    }

    private static String waits(List<Entry> entries) {
        return String.format(
                Locale.ROOT,
                "half %.1f ms, 99 %% %.1f ms",
                quantile(entries, 50) / 1e6,
                quantile(entries, 99) / 1e6);
    }

    private static boolean goesToNew(GateDecision decision) {
        return decision.arm() == Arm.NEW || decision.reason() == Reason.FALLBACK;
    }

    private static boolean goesToLegacy(GateDecision decision) {
        return decision.arm() == Arm.LEGACY && decision.reason() == Reason.SHARE;
    }

    /** Of their latencies, in nanoseconds; 0 without any. */
    private static long quantile(List<Entry> entries, int percent) {
        long[] sorted = entries.stream().mapToLong(Entry::latency).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) * percent / 100];
    }
}
