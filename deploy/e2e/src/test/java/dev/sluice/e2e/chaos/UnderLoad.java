package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.load.Entry;
import dev.sluice.chaos.load.Ledger;
import dev.sluice.chaos.load.LedgerFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of {@code chaos/experiments} that are run while users call, in their small size: faults are
 * on for some seconds. A nightly run takes the full size, a minute each: {@code
 * -Dsluice.catalogue=full}. {@code -Dsluice.catalogue.rows=e1} runs those alone whose names begin
 * so. Stateless.
 */
final class UnderLoad {
    private static final int AROUND = 4;

    /** Requests a second at each door. */
    private static final int RATE = 200;

    private UnderLoad() {}

    /** What the ledger of users must show, besides order, arms, revisions and bodies. */
    enum Users {
        /** Every answer is good. */
        SEE_NO_ERROR,
        /** Answers may be errors, for the row leaves nobody who could give another. */
        MAY_SEE_ERRORS,
        /** Every answer is taken as good, and the test looks at the bodies itself. */
        MAY_SEE_WRONG_BODIES
    }

    /**
     * Runs a file; it passes, and so does the ledger. The share is not looked at, which fallbacks
     * make look smaller than it is.
     *
     * @param small how long its faults are on in the size of a build, in seconds
     * @param variables more of them, each {@code NAME=VALUE}
     */
    static void passes(
            Laboratory laboratory, String file, int small, Users users, String... variables)
            throws Exception {
        int seconds = Runs.seconds(file, small);
        passes(
                laboratory,
                calls(List.of(laboratory.edge()), seconds + AROUND, users),
                Runs.of(laboratory, file, seconds, variables));
    }

    /** The same; the ledger is what is given back. */
    static List<Entry> ledger(
            Laboratory laboratory, String file, int small, Users users, String... variables)
            throws Exception {
        int seconds = Runs.seconds(file, small);
        return ledger(
                        laboratory,
                        file,
                        calls(List.of(laboratory.edge()), seconds + 2 * AROUND, users),
                        Runs.of(laboratory, file, seconds, variables))
                .entries();
    }

    /**
     * The same, while as many users call a bystander, the second target of the ledger. None sees an
     * error. Those are given back who came while the fault was on.
     *
     * @param bystander a URL that ends with a slash
     */
    static List<Entry> beside(
            Laboratory laboratory, String bystander, String file, int small, String... variables)
            throws Exception {
        int seconds = Runs.seconds(file, small);
        Ledger ledger =
                ledger(
                        laboratory,
                        file,
                        calls(
                                List.of(laboratory.edge(), bystander),
                                seconds + 2 * AROUND,
                                Users.SEE_NO_ERROR),
                        Runs.of(laboratory, file, seconds, variables));
        JsonNode window =
                new JsonMapper()
                        .readTree(laboratory.folder().resolve(file + ".json").toFile())
                        .at("/x-sluice/window");
        long from = since(ledger.start(), window.path("from").asText());
        long to = since(ledger.start(), window.path("to").asText());
        return ledger.entries().stream()
                .filter(entry ->
                        entry.planned().intended() >= from && entry.planned().intended() <= to)
                .toList();
    }

    private static long since(Instant start, String moment) {
        return Duration.between(start, Instant.parse(moment)).toNanos();
    }

    private static Ledger ledger(
            Laboratory laboratory, String file, List<String> calls, String[] run) throws Exception {
        Path ledger = laboratory.folder().resolve(file + ".jsonl");
        calls.add("--ledger=" + ledger);
        passes(laboratory, calls, run);
        return LedgerFile.read(ledger);
    }

    private static void passes(Laboratory laboratory, List<String> calls, String[] run)
            throws Exception {
        try (Command load = Command.start(laboratory.folder(), calls.toArray(String[]::new));
                Command experiment = Command.start(laboratory.folder(), run)) {
            int verdict = experiment.exitCode();
            int checked = load.exitCode();

            assertThat(verdict).as("%s%n%s", experiment.said(), load.said()).isZero();
            assertThat(checked).as("%s%n%s", experiment.said(), load.said()).isZero();
        }
    }

    private static List<String> calls(List<String> doors, int seconds, Users users) {
        List<String> load = new ArrayList<>(List.of("load"));
        doors.forEach(door -> load.add(door + "{key}"));
        load.addAll(List.of("--header", "x-user={key}", "--header", "x-sluice-explain=1"));
        load.addAll(List.of("--body-end", Doors.END));
        load.addAll(
                List.of(
                        "--rate",
                        String.valueOf(doors.size() * RATE),
                        "--keys",
                        "2000",
                        "--also",
                        "REVISION",
                        "--skip",
                        "SHARE"));
        load.addAll(List.of("--duration", seconds + "s"));
        switch (users) {
            case SEE_NO_ERROR -> {}
            case MAY_SEE_ERRORS -> load.addAll(List.of("--skip", "ERRORS"));
            case MAY_SEE_WRONG_BODIES -> load.addAll(List.of("--skip", "BODIES"));
        }
        return load;
    }
}
