package dev.sluice.e2e.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;

/** Command lines of runs of the catalogue's files. Stateless. */
final class Runs {
    private static final String EXPERIMENTS = "../../chaos/experiments";
    private static final boolean FULL = "full".equals(System.getProperty("sluice.catalogue"));
    private static final int FULL_SECONDS = 60;
    private static final int FULL_RESTARTS = 20;
    private static final int RESTARTS = 3;
    private static final int FULL_SLOW_HEADS = 2_000;
    private static final int SLOW_HEADS = 200;
    private static final int FULL_SLOW_READERS = 200;
    private static final int SLOW_READERS = 40;
    private static final String ROWS = System.getProperty("sluice.catalogue.rows", "");

    private Runs() {}

    /**
     * How long a file's faults are on; the test is left out when its row is not among those that
     * are wanted.
     *
     * @param small in the size of a build
     */
    static int seconds(String file, int small) {
        assumeTrue(file.startsWith(ROWS), () -> file + " is not among the rows " + ROWS);
        return FULL ? FULL_SECONDS : small;
    }

    /** Where an experiment is. */
    static String file(String name) {
        return EXPERIMENTS + "/" + name + ".yaml";
    }

    /**
     * @param more variables, each {@code NAME=VALUE}
     */
    static String[] of(Laboratory laboratory, String file, int seconds, String... more) {
        List<String> run = new ArrayList<>(List.of("run", file(file)));
        run.addAll(List.of("--journal-path", laboratory.folder() + "/" + file + ".json"));
        List<String> variables =
                new ArrayList<>(
                        List.of(
                                "caller=" + laboratory.edge(),
                                "admin=" + laboratory.admin(),
                                "gate=" + Laboratory.GATE,
                                "xds=" + laboratory.xdsFaults(),
                                "endpoint=" + laboratory.firstEndpoint(),
                                "token=" + Laboratory.TOKEN,
                                "pid=" + laboratory.sidecar().pid(),
                                "restart=" + laboratory.sidecar().program(),
                                "sluice=" + laboratory.program(),
                                "heads=" + (FULL ? FULL_SLOW_HEADS : SLOW_HEADS),
                                "readers=" + (FULL ? FULL_SLOW_READERS : SLOW_READERS),
                                "times=" + (FULL ? FULL_RESTARTS : RESTARTS),
                                "hold=" + seconds + "s"));
        variables.addAll(List.of(more));
        variables.forEach(variable -> run.addAll(List.of("--var", variable)));
        return run.toArray(String[]::new);
    }
}
