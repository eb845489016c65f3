package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Entry;
import dev.sluice.chaos.load.LedgerFile;
import java.nio.file.Path;
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

    private UnderLoad() {}

    /** What the ledger of users must show, besides order, arms and bodies. */
    enum Users {
        /** Every answer is good. */
        SEE_NO_ERROR,
        /** Answers may be errors, for the row leaves nobody who could give another. */
        MAY_SEE_ERRORS
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
                calls(laboratory, seconds + AROUND, users),
                Runs.of(laboratory, file, seconds, variables));
    }

    /** The same; the ledger is what is given back. */
    static List<Entry> ledger(
            Laboratory laboratory, String file, int small, Users users, String... variables)
            throws Exception {
        int seconds = Runs.seconds(file, small);
        Path ledger = laboratory.folder().resolve(file + ".jsonl");
        List<String> calls = calls(laboratory, seconds + 2 * AROUND, users);
        calls.add("--ledger=" + ledger);
        passes(laboratory, calls, Runs.of(laboratory, file, seconds, variables));
        return LedgerFile.read(ledger).entries();
    }

    /** The ledger of users while nothing is wrong. */
    static List<Entry> calm(Laboratory laboratory, int seconds) throws Exception {
        Path ledger = laboratory.folder().resolve("calm.jsonl");
        List<String> calls = calls(laboratory, seconds, Users.SEE_NO_ERROR);
        calls.add("--ledger=" + ledger);
        try (Command load = Command.start(laboratory.folder(), calls.toArray(String[]::new))) {
            assertThat(load.exitCode()).as("%s", load.said()).isZero();
        }
        return LedgerFile.read(ledger).entries();
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

    private static List<String> calls(Laboratory laboratory, int seconds, Users users) {
        List<String> load = new ArrayList<>(List.of("load", laboratory.edge() + "{key}"));
        load.addAll(List.of("--header", "x-user={key}", "--header", "x-sluice-explain=1"));
        load.addAll(List.of("--body-end", Doors.END));
        load.addAll(List.of("--rate", "200", "--keys", "2000", "--skip", "SHARE"));
        load.addAll(List.of("--duration", seconds + "s"));
        if (users == Users.MAY_SEE_ERRORS) {
            load.addAll(List.of("--skip", "ERRORS"));
        }
        return load;
    }
}
