package dev.sluice.e2e.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A row of the catalogue that runs the whole system under troubles of all kinds, as its file says.
 * Immutable.
 *
 * @param name of its file
 * @param length how long things go wrong in a run of a build
 * @param lengthInFull the same in the full size
 * @param runs of a build, each with a seed of its own
 * @param runsInFull of the full size
 * @param troubles smallest number of them in a run
 * @param requests smallest number of them that a run decides about
 */
record StormRow(
        String name,
        Duration length,
        Duration lengthInFull,
        int runs,
        int runsInFull,
        int troubles,
        int requests) {
    private static final Set<String> FIELDS =
            Set.of("title", "storm", "runs", "full_runs", "expect");

    /** All that there are, by their names. */
    static List<StormRow> all() {
        return RowFile.with("storm").stream().map(StormRow::read).toList();
    }

    private static StormRow read(RowFile file) {
        RowFile.Part fields = file.fields();
        fields.expect(FIELDS);
        RowFile.Part storm = fields.part("storm");
        storm.expect(Set.of("seconds", "full_seconds"));
        RowFile.Part expect = fields.part("expect");
        expect.expect(Set.of("troubles", "requests"));
        return new StormRow(
                file.name(),
                storm.seconds("seconds"),
                storm.seconds("full_seconds"),
                (int) fields.number("runs"),
                (int) fields.number("full_runs"),
                (int) expect.number("troubles"),
                (int) expect.number("requests"));
    }
}
