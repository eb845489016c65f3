package dev.sluice.control.boot;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.judge.KeyJudge;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.orchestrate.Backups;
import dev.sluice.control.orchestrate.LegacyRecorder;
import dev.sluice.control.orchestrate.MigrationRunner;
import dev.sluice.control.orchestrate.OperationRunner;
import dev.sluice.control.orchestrate.RampRunner;
import dev.sluice.control.orchestrate.RingRunner;
import dev.sluice.control.orchestrate.SelfChecks;
import dev.sluice.control.orchestrate.VersionEnds;
import dev.sluice.control.orchestrate.WriteRunner;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.EventLog;
import dev.sluice.control.query.Prometheus;
import dev.sluice.control.query.Rounds;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** What takes ramps and migrations on, and whom it asks. Thread-safe but for {@link #tick}. */
final class Driving implements AutoCloseable {
    private final ExecutorService asking =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("query-", 0).factory());
    private final ChangePath path;
    private final Prometheus metrics;
    private final Rounds rounds;
    private final WriteRunner writes;
    private final RampRunner ramps;
    private final MigrationRunner migrations;
    private final VersionEnds ends;
    private final RingRunner rings;
    private final OperationRunner operations;
    private final SelfChecks selfChecks;
    private final LegacyRecorder recorder;

    Driving(
            ChangePath path,
            Supplier<FleetReport> fleet,
            EvidenceTotals evidence,
            Inquiry inquiry,
            EventLog log,
            Backups backups,
            Clock clock) {
        this.path = path;
        metrics = new Prometheus(inquiry.origins(), inquiry.secrets(), inquiry.trust());
        rounds = new Rounds(metrics, clock, asking);
        writes = new WriteRunner(path, fleet, clock);
        ramps = new RampRunner(path, fleet, evidence, new KeyJudge(), rounds::looks, clock);
        selfChecks = new SelfChecks(evidence);
        recorder = new LegacyRecorder(evidence, clock);
        migrations = new MigrationRunner(path, fleet, clock);
        ends = new VersionEnds(path, clock);
        rings = new RingRunner(path, fleet, clock);
        operations = new OperationRunner(path, log, backups, asking, clock);
    }

    RampRunner ramps() {
        return ramps;
    }

    MigrationRunner migrations() {
        return migrations;
    }

    SelfChecks selfChecks() {
        return selfChecks;
    }

    OperationRunner operations() {
        return operations;
    }

    LegacyRecorder recorder() {
        return recorder;
    }

    Prometheus metrics() {
        return metrics;
    }

    /** To be called again and again; only one of all replicas drives. Waits for nothing. */
    void tick(boolean leads) {
        if (leads) {
            drive();
        } else {
            operations.rest();
        }
    }

    private void drive() {
        Catalog catalog = path.feed().latest();
        rounds.tick(catalog);
        rings.tick();
        writes.tick();
        ramps.tick();
        migrations.tick();
        ends.tick();
        operations.tick();
        selfChecks.tick(catalog);
    }

    @Override
    public void close() {
        asking.shutdownNow();
        metrics.close();
    }
}
