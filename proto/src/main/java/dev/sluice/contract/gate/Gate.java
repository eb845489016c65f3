package dev.sluice.contract.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.PartsPerMillion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One decision point of a schema change: it says, for each key, which of two neighbouring modes is
 * in force, and so which version of a service (the arm) answers. Everything that decides an arm is
 * in one revision. All defaults of the contract are resolved here. Immutable.
 *
 * @param name its name
 * @param contractVersion gate-contract version that a reader must know, 1..{@link
 *     #CONTRACT_VERSION}
 * @param revision order of its states; empty for an inline gate, whose last value wins
 * @param gateSet the set whose gates are decided together; empty: it stands alone
 * @param legacyCluster cluster that answers for LEGACY
 * @param newCluster cluster that answers for NEW
 * @param storeKind whether one store serves both versions
 * @param from mode of the keys that are not moved
 * @param to mode of the keys that are moved; one of {@code from.next(storeKind)}
 * @param share part of the key space in mode {@code to}; at the whole, requests without key too
 * @param bucketing how a request becomes a bucket
 * @param rules ordered; the first that matches decides, else the share; at most 256
 * @param takeBack whether keys may still go back
 * @param maxStale age of the state from which a starting sidecar may serve, 1 s..30 d
 * @param kill an order to take every key back, in force; never while {@code takeBack} is FORBIDDEN
 * @param acknowledgedTrips ids of trips that end
 * @param trip when a sidecar takes keys back by itself
 * @param writeAuthority which store is written first
 * @param writeHold the buckets whose writes wait now; only beside {@link WriteAuthority.NewBelow}
 * @param fallback whether what failed on NEW may be repeated on LEGACY
 */
public record Gate(
        GateName name,
        int contractVersion,
        Optional<GateRevision> revision,
        Optional<GateSetName> gateSet,
        String legacyCluster,
        String newCluster,
        StoreKind storeKind,
        Mode from,
        Mode to,
        PartsPerMillion share,
        Bucketing bucketing,
        List<Rule> rules,
        TakeBack takeBack,
        Duration maxStale,
        Optional<Kill> kill,
        Set<String> acknowledgedTrips,
        TripPolicy trip,
        WriteAuthority writeAuthority,
        Optional<WriteHold> writeHold,
        FallbackPolicy fallback) {
    /** The gate-contract version that this code knows. */
    public static final int CONTRACT_VERSION = 3;

    /** Default of {@link #maxStale}. */
    public static final Duration DEFAULT_MAX_STALE = Duration.ofHours(24);

    public Gate {
        rules = List.copyOf(rules);
        acknowledgedTrips = Set.copyOf(acknowledgedTrips);
        if (!from.next(storeKind).contains(to)) {
            throw new IllegalArgumentException(
                    "modes "
                            + from
                            + " to "
                            + to
                            + " (expected to in "
                            + from.next(storeKind)
                            + ")");
        }
    }

    /** Whether this mode is one of the two in force. */
    public boolean hasInForce(Mode mode) {
        return mode == from || mode == to;
    }

    /** The cluster that answers for an arm. */
    public String cluster(Arm arm) {
        return arm == Arm.LEGACY ? legacyCluster : newCluster;
    }

    /** The id under which the decision is carried: the set's, or the gate's own without a set. */
    public String carriedId() {
        return gateSet.map(GateSetName::id).orElse(name.id());
    }

    /** Whether a kill is in force: ordered, and keys may still go back. */
    public boolean isKilled() {
        return kill.isPresent() && takeBack == TakeBack.FROM;
    }

    /**
     * Whether writes follow the write authority, whatever moves reads: it is given by bucket, over
     * two stores, and the two modes have different authoritative arms.
     */
    public boolean movesWriteAuthority() {
        return storeKind == StoreKind.SEPARATE
                && writeAuthority instanceof WriteAuthority.NewBelow
                && from.authoritative() != to.authoritative();
    }

    /** The same gate with another write authority and hold, of a contract that has them. */
    public Gate withWrites(WriteAuthority authority, Optional<WriteHold> hold) {
        int version =
                authority instanceof WriteAuthority.NewBelow
                        ? Math.max(contractVersion, WriteAuthority.CONTRACT_VERSION)
                        : contractVersion;
        return with(version, revision, share, rules, kill, authority, hold);
    }

    /** The same gate with other rules, of a contract that has what is in them. */
    public Gate withRules(List<Rule> newRules) {
        boolean cohorts = newRules.stream().anyMatch(rule -> rule.cohort().isPresent());
        int version =
                cohorts ? Math.max(contractVersion, CohortMatch.CONTRACT_VERSION) : contractVersion;
        return with(version, revision, share, newRules, kill, writeAuthority, writeHold);
    }

    /** The same gate with another share. */
    public Gate withShare(PartsPerMillion newShare) {
        return with(contractVersion, revision, newShare, rules, kill, writeAuthority, writeHold);
    }

    /** The same gate with a kill ordered, or, with an empty one, resumed. */
    public Gate withKill(Optional<Kill> newKill) {
        return with(contractVersion, revision, share, rules, newKill, writeAuthority, writeHold);
    }

    /** The same gate under another revision. */
    public Gate withRevision(GateRevision newRevision) {
        return with(
                contractVersion,
                Optional.of(newRevision),
                share,
                rules,
                kill,
                writeAuthority,
                writeHold);
    }

    private Gate with(
            int newVersion,
            Optional<GateRevision> newRevision,
            PartsPerMillion newShare,
            List<Rule> newRules,
            Optional<Kill> newKill,
            WriteAuthority newAuthority,
            Optional<WriteHold> newHold) {
        return new Gate(
                name,
                newVersion,
                newRevision,
                gateSet,
                legacyCluster,
                newCluster,
                storeKind,
                from,
                to,
                newShare,
                bucketing,
                newRules,
                takeBack,
                maxStale,
                newKill,
                acknowledgedTrips,
                trip,
                newAuthority,
                newHold,
                fallback);
    }

    /**
     * An order to take a gate back at once.
     *
     * @param reason why, for people; 1..1,024 characters
     * @param time when it was given, where known
     * @param actor principal that gave it; empty text: unknown
     */
    public record Kill(String reason, Optional<Instant> time, String actor) {}

    /**
     * When a sidecar by itself moves the keys of a gate and operation back: a sequential
     * probability ratio test of {@code healthy} against {@code failing}.
     *
     * @param trips whether it does
     * @param healthy error probability of a healthy NEW arm; default 2 %
     * @param failing error probability of a failing one, over {@code healthy}; default 10 %
     * @param alpha probability of a false trip that one test may spend; default 0.1 %
     */
    public record TripPolicy(
            Trips trips, PartsPerMillion healthy, PartsPerMillion failing, PartsPerMillion alpha) {
        public static final TripPolicy DEFAULT =
                new TripPolicy(
                        Trips.ON,
                        new PartsPerMillion(20_000),
                        new PartsPerMillion(100_000),
                        new PartsPerMillion(1_000));
    }

    /** Whether a sidecar trips by itself. */
    public enum Trips {
        ON,
        OFF
    }

    /** Which version's store is written first. */
    public sealed interface WriteAuthority {
        /** The gate-contract version that a reader must know to obey one by bucket. */
        int CONTRACT_VERSION = 3;

        /** The one that the key's mode says. */
        record ByMode() implements WriteAuthority {}

        /** NEW for the keys whose bucket is below this, LEGACY for the others. */
        record NewBelow(PartsPerMillion share) implements WriteAuthority {}
    }

    /**
     * Holds the writes of one interval of buckets while the write authority moves.
     *
     * @param fromBucket first bucket held, 0..999,999
     * @param toBucket first bucket not held, {@code fromBucket}+1..1,000,000
     * @param maxWait longest wait of one write, 1 ms..60 s; default 5 s
     */
    public record WriteHold(int fromBucket, int toBucket, Duration maxWait) {
        /** Default of {@link #maxWait}. */
        public static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(5);

        /** Whether the writes of this bucket wait. */
        public boolean holds(int bucket) {
            return bucket >= fromBucket && bucket < toBucket;
        }

        /** The same, where a write without a bucket goes with the last one. */
        public boolean holds(OptionalInt bucket) {
            return holds(bucket.orElse(PartsPerMillion.WHOLE - 1));
        }
    }

    /** Repeating on LEGACY what failed on NEW. */
    public sealed interface FallbackPolicy {
        /** Never. */
        record Never() implements FallbackPolicy {}

        /**
         * READ always; IDEMPOTENT_WRITE when no byte was sent, or on a SHARED store with the
         * idempotency key.
         *
         * @param idempotencyKeyHeader lower-case name of the header that makes a repeated write
         *     recognisable; empty: none declared
         */
        record ToLegacy(Optional<String> idempotencyKeyHeader) implements FallbackPolicy {}
    }
}
