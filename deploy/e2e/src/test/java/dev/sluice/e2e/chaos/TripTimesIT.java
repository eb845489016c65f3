package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.Entry;
import dev.sluice.chaos.load.LedgerFile;
import dev.sluice.contract.decide.DecisionHeader;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How soon a gate is taken back, measured by the ledger of its users: at 25 % of 200 requests a
 * second, of which every one may be repeated. What was measured is printed.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TripTimesIT {
    private static final boolean FULL = "full".equals(System.getProperty("sluice.catalogue"));
    private static final int RUNS = FULL ? 5 : 1;
    private static final Duration ASKED = Duration.ofSeconds(5);

    private Laboratory laboratory;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        laboratory = Laboratory.open(folder);
    }

    @AfterAll
    void stop() {
        laboratory.close();
    }

    @Test
    void a_new_arm_that_is_two_seconds_late_loses_its_share_within_five_seconds() throws Exception {
        for (int i = 0; i < RUNS; i++) {
            laboratory.resume();
            List<Entry> ledger = underFault("late-" + i, "delay: 2s", 100, 7);

            List<Entry> affected = ledger.stream().filter(TripTimesIT::fellBack).toList();
            assertThat(affected).as("requests that fell back").isNotEmpty();
            Entry first = affected.getFirst();
            Entry last = ledger.stream().filter(TripTimesIT::goesToNew).toList().getLast();
            long after = ledger.stream().filter(TripTimesIT::goesToLegacyByTrip).count();
            Duration took = Duration.ofNanos(last.sent() - first.sent());
            System.out.printf(
                    Locale.ROOT,
                    "NEW two seconds late: share 0 %d ms after the first affected request, %d"
                            + " requests fell back, the slowest answer took %d ms%n",
                    took.toMillis(),
                    affected.size(),
                    Duration.ofNanos(ledger.stream().mapToLong(Entry::latency).max().orElseThrow())
                            .toMillis());

            assertThat(after).as("requests that went to LEGACY for the trip").isPositive();
            assertThat(took).as("from the first affected request to the last").isLessThan(ASKED);
            assertThat(ledger).as("what users got").allMatch(entry -> entry.answer().good());
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "sluice.catalogue", matches = "full")
    void a_new_arm_that_fails_one_in_fifty_keeps_its_share_for_a_minute() throws Exception {
        laboratory.resume();
        List<Entry> ledger = underFault("few", "http_status: 503", 2, 60);

        long tripped = ledger.stream().filter(TripTimesIT::goesToLegacyByTrip).count();
        long failed = ledger.stream().filter(TripTimesIT::fellBack).count();
        System.out.printf(
                Locale.ROOT,
                "NEW with 2 %% of errors: %d of %d requests on NEW fell back, %d went by a trip%n",
                failed,
                ledger.stream().filter(TripTimesIT::goesToNew).count(),
                tripped);
        assertThat(failed).as("requests that fell back").isGreaterThan(20);
        assertThat(tripped).as("requests that went to LEGACY for a trip").isZero();
        assertThat(ledger).as("what users got").allMatch(entry -> entry.answer().good());
    }

    /** The ledger of users, in the order of sending, while NEW has a fault for so long. */
    private List<Entry> underFault(String name, String fault, int share, int seconds)
            throws Exception {
        Path file = laboratory.folder().resolve(name + ".jsonl");
        Path experiment =
                Files.writeString(
                        laboratory.folder().resolve(name + ".yaml"),
                        """
                        title: %1$s
                        description: how soon a gate is taken back
                        method: []
                        sluice:
                          hold: %2$ds
                          faults:
                            - {name: %1$s, sidecars: "%3$s", token: %4$s, gate: %5$s, arm: NEW,
                               share: %6$d, fault: {%7$s}, at_least: 5}
                        """
                                .formatted(
                                        name,
                                        seconds,
                                        laboratory.admin(),
                                        Laboratory.TOKEN,
                                        Laboratory.GATE,
                                        share,
                                        fault));
        try (Command load =
                        Command.start(
                                laboratory.folder(),
                                "load",
                                laboratory.edge() + "{key}",
                                "--header=x-user={key}",
                                "--header=x-sluice-explain=1",
                                "--rate=200",
                                "--keys=2000",
                                "--skip=SHARE",
                                "--duration=" + (seconds + 4) + "s",
                                "--ledger=" + file);
                Command run =
                        Command.start(
                                laboratory.folder(),
                                "run",
                                experiment.toString(),
                                "--journal-path",
                                laboratory.folder() + "/journal.json")) {
            assertThat(run.exitCode()).as("%s", run.said()).isZero();
            assertThat(load.exitCode()).as("%s", load.said()).isZero();
        }
        return LedgerFile.read(file).entries().stream()
                .sorted(Comparator.comparingLong(Entry::sent))
                .toList();
    }

    private static Optional<GateDecision> decision(Entry entry) {
        return entry.answer() instanceof Answer.Complete complete
                ? complete.decision().flatMap(header -> DecisionHeader.parse(header).toOptional())
                : Optional.empty();
    }

    private static boolean goesToNew(Entry entry) {
        return decision(entry)
                .filter(made -> made.arm() == Arm.NEW || made.reason() == Reason.FALLBACK)
                .isPresent();
    }

    private static boolean goesToLegacyByTrip(Entry entry) {
        return decision(entry).filter(made -> made.reason() == Reason.TRIP).isPresent();
    }

    private static boolean fellBack(Entry entry) {
        return decision(entry).filter(made -> made.reason() == Reason.FALLBACK).isPresent();
    }
}
