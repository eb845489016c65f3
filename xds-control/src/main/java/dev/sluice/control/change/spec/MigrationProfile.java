package dev.sluice.control.change.spec;

import dev.sluice.contract.ServiceName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a migration as a product, beside what makes it walk. Immutable; ranges are
 * checked by {@code lifecycle}.
 *
 * @param deprecation when the old side is announced to go away
 */
public record MigrationProfile(
        Scope scope,
        People people,
        Impact impact,
        Goals goals,
        Optional<DeprecationWindow> deprecation) {
    /** Nothing said. */
    public static final MigrationProfile EMPTY =
            new MigrationProfile(
                    new Scope(List.of(), List.of(), List.of()),
                    new People(List.of(), List.of(), List.of()),
                    new Impact(Optional.empty(), List.of(), List.of(), List.of(), List.of()),
                    new Goals(List.of(), List.of()),
                    Optional.empty());

    /**
     * What it touches.
     *
     * @param changes what it does to the schema, 0..16; sorted
     * @param services beside those of its gates, 0..256; sorted
     * @param stores that hold the tables, 0..64; where any is named, each table is of one
     * @param contracts between services that it changes, 0..64 of 1..256 characters; sorted
     */
    public record Scope(
            List<Change> changes,
            List<ServiceName> services,
            List<Store> stores,
            @AddedLater List<String> contracts) {
        public Scope {
            changes = changes.stream().sorted().distinct().toList();
            services = services.stream().sorted().distinct().toList();
            stores = List.copyOf(stores);
            contracts = contracts.stream().sorted().distinct().toList();
        }

        /** Without contracts. */
        public Scope(List<Change> changes, List<ServiceName> services, List<Store> stores) {
            this(changes, services, stores, List.of());
        }
    }

    /** What a change does to a schema. */
    public enum Change {
        /** Something new that nobody must know of. */
        ADD,
        REMOVE,
        RENAME,
        /** Another type or another range of the same data. */
        RETYPE,
        /** One becomes several. */
        SPLIT,
        MERGE,
        /** To another store. */
        MOVE,
        INDEX,
        /** A rule that the data must keep to. */
        CONSTRAINT,
        /** The same data in another form. */
        STORAGE
    }

    /**
     * A store.
     *
     * @param name as before the {@code /} of tables, 1..128 characters without it
     * @param technology such as {@code PostgreSQL 17}, 0..128 characters
     * @param use what a job adds to its load; empty for nothing
     */
    public record Store(String name, String technology, Optional<Use> use) {
        /** Without load. */
        public Store(String name, String technology) {
            this(name, technology, Optional.empty());
        }
    }

    /**
     * What a job adds to the load of a store, in percent of what there is without it.
     *
     * @param ioPercent of input and output, 0..1,000
     * @param replicationPercent of replication, 0..1,000
     */
    public record Use(int ioPercent, int replicationPercent) {}

    /**
     * Who has to do with it.
     *
     * @param approvers users each of whom must approve, 0..16; sorted
     * @param milestones days that people plan by, 0..64
     * @param communication who is told what, 0..64
     */
    public record People(
            List<String> approvers, List<Milestone> milestones, List<Notice> communication) {
        public People {
            approvers = approvers.stream().sorted().distinct().toList();
            milestones = List.copyOf(milestones);
            communication = List.copyOf(communication);
        }
    }

    /**
     * A day that people plan by.
     *
     * @param title 1..128 characters
     */
    public record Milestone(String title, LocalDate day) {}

    /**
     * What is told to whom on going on to a phase.
     *
     * @param audience 1..128 characters
     * @param channel 1..256 characters
     * @param text 1..1,024 characters
     */
    public record Notice(String audience, String channel, Phase phase, String text) {}

    /**
     * What it means for machines, and for the meaning of the data. Lists hold 0..32 texts of
     * 1..1,024 characters.
     *
     * @param couplingPoints what else hangs on the tables
     */
    public record Impact(
            Optional<Throughput> throughput,
            List<String> accessPatterns,
            List<String> couplingPoints,
            List<String> physical,
            List<String> logical) {
        public Impact {
            accessPatterns = List.copyOf(accessPatterns);
            couplingPoints = List.copyOf(couplingPoints);
            physical = List.copyOf(physical);
            logical = List.copyOf(logical);
        }
    }

    /**
     * Load on the tables.
     *
     * @param readsPerSecond 0..10^12
     * @param writesPerSecond 0..10^12
     * @param addedPercent what the change adds while it is under way, 0..1,000
     */
    public record Throughput(long readsPerSecond, long writesPerSecond, int addedPercent) {}

    /** What people judge it by, beside the judge. Lists hold 0..32 texts of 1..1,024 characters. */
    public record Goals(List<String> successCriteria, List<String> rollbackTriggers) {
        public Goals {
            successCriteria = List.copyOf(successCriteria);
            rollbackTriggers = List.copyOf(rollbackTriggers);
        }
    }

    /**
     * When the old side is announced to go away.
     *
     * @param from when on it is deprecated (RFC 9745)
     * @param sunset when on it may be gone (RFC 8594); after {@code from}
     * @param link where callers read more, http or https, 1..1,024 characters
     */
    public record DeprecationWindow(Instant from, Instant sunset, Optional<String> link) {}
}
