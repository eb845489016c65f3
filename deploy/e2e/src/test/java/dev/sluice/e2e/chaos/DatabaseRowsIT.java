package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.Entry;
import dev.sluice.contract.decide.DecisionHeader;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Reason;
import dev.sluice.e2e.Running;
import dev.sluice.e2e.StaticProxy;
import java.nio.file.Files;
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
 * Row D5: the database of NEW fails its users, and those of LEGACY do not wait with them. They are
 * held against users of a bystander: a service of its own behind a proxy of its own, on the same
 * machine and database, that has no part in the fault. A machine that is slow is slow for both.
 * What was measured is printed.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseRowsIT {
    private static final boolean FULL = "full".equals(System.getProperty("sluice.catalogue"));
    private static final int SECONDS = 5;

    /** A bystander's users are one target of the load, and the shop's the other. */
    private static final int BYSTANDER = 1;

    /** How long a version may take: a slow machine alone makes nobody late. */
    private static final Duration ATTEMPT = Duration.ofSeconds(1);

    /** What is looked at: everybody, and the slowest; a few seconds have too few users for more. */
    private static final List<Integer> PERCENTS = List.of(50, FULL ? 99 : 90);

    /**
     * How much longer LEGACY's users may always take, beside half of what a bystander's take: a
     * quarter of the shortest wait for the database of NEW.
     */
    private static final Duration SLACK = Duration.ofMillis(50);

    private final Running running = new Running();
    private StoredShop shop;
    private Laboratory laboratory;
    private StaticProxy bystander;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        shop = running.keep(StoredShop.start());
        laboratory = running.keep(Laboratory.open(folder, shop.doors(), ATTEMPT));
        Path beside = Files.createDirectories(folder.resolve("bystander"));
        bystander =
                running.keep(StaticProxy.start(beside, shop.bystander(), StaticProxy.Speaks.BOTH));
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
        List<Entry> meanwhile =
                UnderLoad.beside(
                        laboratory,
                        bystander.url("/"),
                        file,
                        SECONDS,
                        "toxiproxy=" + shop.toxiproxy(),
                        "proxy=" + StoredShop.PROXY,
                        "database=" + shop.url(),
                        "user=shop_new");

        List<Entry> ofLegacy = of(meanwhile, DatabaseRowsIT::goesToLegacy);
        List<Entry> ofBystander =
                meanwhile.stream().filter(entry -> entry.planned().target() == BYSTANDER).toList();
        System.out.printf(
                Locale.ROOT,
                "%s: users of LEGACY waited %s, those of a bystander %s%n",
                file,
                waits(ofLegacy),
                waits(ofBystander));
        assertThat(ofLegacy).as("users of LEGACY meanwhile").hasSizeGreaterThan(100);
        assertThat(ofBystander).as("users of a bystander meanwhile").hasSizeGreaterThan(100);
        for (int percent : PERCENTS) {
            assertThat(quantile(ofLegacy, percent))
                    .as("%d %% of LEGACY's users, against those of a bystander", percent)
                    .isLessThan(quantile(ofBystander, percent) * 3 / 2 + SLACK.toNanos());
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
                "%d (half %.1f ms, 90 %% %.1f ms, 99 %% %.1f ms)",
                entries.size(),
                quantile(entries, 50) / 1e6,
                quantile(entries, 90) / 1e6,
                quantile(entries, 99) / 1e6);
    }

    /** Those whom NEW could not serve, and who fell back, have waited for it. */
    private static boolean goesToLegacy(GateDecision decision) {
        return decision.arm() == Arm.LEGACY && decision.reason() != Reason.FALLBACK;
    }

    /** Of their latencies, in nanoseconds; 0 without any. */
    private static long quantile(List<Entry> entries, int percent) {
        long[] sorted = entries.stream().mapToLong(Entry::latency).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) * percent / 100];
    }
}
