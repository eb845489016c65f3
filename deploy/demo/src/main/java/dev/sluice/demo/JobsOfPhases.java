package dev.sluice.demo;

import dev.sluice.admin.v1.Phase;
import dev.sluice.demo.change.NameSplit;
import dev.sluice.demo.load.Entry;
import dev.sluice.demo.load.Ledger;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The jobs that phases of the migration await: each does its part of the change on the database, or
 * finds out what the phase asks. Immutable.
 *
 * @param split the change of the schema
 * @param ledger what users saw
 * @param quiet how long nobody may call legacy before it counts as drained
 */
record JobsOfPhases(NameSplit split, Ledger ledger, Duration quiet) {
    /**
     * What a job came to. Immutable.
     *
     * @param step that it reports
     * @param succeeded whether the phase may be left
     * @param summary for people
     */
    record Done(String step, boolean succeeded, String summary) {}

    /** Does what a phase awaits; empty when it awaits nothing. */
    Optional<Done> run(Phase phase) throws SQLException, InterruptedException {
        return switch (phase) {
            case EXPAND -> {
                split.expand();
                yield done("expand", true, "columns and two-way trigger are there");
            }
            case BACKFILL ->
                    done("backfill", true, split.backfill(_ -> {}) + " rows have both names");
            case VERIFY -> verify();
            case DRAIN -> drain();
            case CONTRACT -> {
                split.contract();
                yield done("contract", true, "customer_name and the trigger are gone");
            }
            case PHASE_UNSPECIFIED, DUAL_WRITE, SHADOW, RAMP, SOAK, RAMP_DOWN, DONE, UNRECOGNIZED ->
                    Optional.empty();
        };
    }

    private Optional<Done> verify() throws SQLException {
        long disagreeing = split.disagreeing();
        return done("verify", disagreeing == 0, disagreeing + " rows whose two sides do not agree");
    }

    private Optional<Done> drain() throws InterruptedException {
        int from = ledger.entries().size();
        Thread.sleep(quiet);
        List<Entry> seen = ledger.since(from);
        long legacy = seen.stream().filter(Entry::touchedLegacy).count();
        return done(
                "drain",
                legacy == 0 && !seen.isEmpty(),
                legacy + " of the last " + seen.size() + " calls touched legacy");
    }

    private static Optional<Done> done(String step, boolean succeeded, String summary) {
        return Optional.of(new Done(step, succeeded, summary));
    }
}
