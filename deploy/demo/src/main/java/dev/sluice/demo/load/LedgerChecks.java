package dev.sluice.demo.load;

import dev.sluice.contract.decide.Buckets;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.Salt;
import dev.sluice.demo.load.Entry.Outcome.Answered;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What must hold for every request of a ledger. Immutable; knows the gates only by what the control
 * plane says of their revisions, and computes buckets itself.
 *
 * @param salt of the gates
 * @param shares share in parts per million of each gate's revisions: by gate name, then revision
 * @param blameless errors that the seeded bug explains
 */
public record LedgerChecks(
        String salt, Map<String, Map<GateRevision, Integer>> shares, Predicate<Entry> blameless) {
    private static final double COVERAGE = 0.999;

    /** Checks a whole ledger. */
    public Findings check(Ledger ledger) {
        List<Entry> entries = ledger.entries();
        return new Findings(
                List.of(
                        explained(entries),
                        carried(entries),
                        shareOfKeys(entries),
                        monotone(entries),
                        nothingLost(ledger, entries),
                        noErrors(entries)));
    }

    private Findings.Check explained(List<Entry> entries) {
        var check =
                new Findings.Counting(
                        "the decision header explains the arm of every answered request");
        for (Entry entry : entries) {
            if (entry.outcome() instanceof Answered answered) {
                String problem =
                        answered.decision()
                                .map(decision ->
                                        unexplained(answered, decision, entry.call().user()))
                                .orElse("no decision header");
                check.count(problem.isEmpty(), () -> problem + ": " + entry);
            }
        }
        return check.done();
    }

    /** Why a decision does not explain who served; empty when it does. */
    private String unexplained(Answered answered, GateDecision decision, int user) {
        String servedBy = answered.servedBy();
        boolean failed = answered.status() >= 500; // an answer of the sidecar itself

        boolean served =
                (servedBy.isEmpty() && failed)
                        || servedBy.endsWith(decision.arm() == Arm.NEW ? "/new" : "/legacy");
        if (!served) {
            return "served by " + servedBy + " though decided " + decision.arm();
        }
        return switch (decision.reason()) {
            case SHARE -> unexplainedShare(decision, user);
            case TRIP, KILL, FALLBACK ->
                    decision.arm() == Arm.LEGACY ? "" : decision.reason() + " but NEW";
            case RULE, CARRIED, RANDOM, MISSING_KEY, CARRIED_STALE, AMBIGUOUS, WRITE_AUTHORITY ->
                    "reason " + decision.reason() + " can't be at the edge of the demo";
        };
    }

    private String unexplainedShare(GateDecision decision, int user) {
        int bucket = bucket(user);
        Integer share =
                decision.revision()
                        .map(revision ->
                                shares.getOrDefault(decision.gate().name(), Map.of()).get(revision))
                        .orElse(null);
        if (share == null) {
            return "revision " + decision.revision() + " is unknown to the control plane";
        }
        if (decision.bucket().isEmpty() || decision.bucket().getAsInt() != bucket) {
            return "bucket " + decision.bucket() + " (expected: " + bucket + ")";
        }
        if (decision.share().value() != share) {
            return "share " + decision.share().value() + " (expected: " + share + ")";
        }
        return (bucket < share) == (decision.arm() == Arm.NEW)
                ? ""
                : "bucket " + bucket + " under share " + share;
    }

    private int bucket(int user) {
        return Buckets.bucket(
                new Salt(salt), Integer.toString(user).getBytes(StandardCharsets.US_ASCII));
    }

    private static Findings.Check carried(List<Entry> entries) {
        var check =
                new Findings.Counting(
                        "both services of a request were on the same side, by one carried decision");
        for (Entry entry : entries) {
            if (entry.outcome() instanceof Answered answered && callsOn(entry, answered)) {
                Entry.Inner inner = answered.inner().orElse(Entry.Inner.MISSING);
                boolean same =
                        answered.decision().isPresent()
                                && inner.decision().isPresent()
                                && inner.decision().get().reason() == Reason.CARRIED
                                && inner.decision().get().mode() == answered.decision().get().mode()
                                && inner.decision().get().arm() == answered.decision().get().arm()
                                && inner.servedBy().endsWith(suffix(answered.servedBy()));
                check.count(same, entry::toString);
            }
        }
        return check.done();
    }

    /** Whether the service that answered has called another: orders always does, to answer well. */
    private static boolean callsOn(Entry entry, Answered answered) {
        boolean order =
                entry.call() instanceof Call.ReadOrder || entry.call() instanceof Call.PlaceOrder;
        return answered.inner().isPresent() || (order && answered.status() < 300);
    }

    private static String suffix(String servedBy) {
        return servedBy.substring(servedBy.indexOf('/') + 1);
    }

    /** Distinct keys of each share: how many were on NEW. */
    private Findings.Check shareOfKeys(List<Entry> entries) {
        Map<Integer, Set<Integer>> all = new TreeMap<>();
        Map<Integer, Set<Integer>> moved = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.outcome() instanceof Answered answered
                    && answered.decision().isPresent()
                    && answered.decision().get().reason() == Reason.SHARE) {
                GateDecision decision = answered.decision().get();
                all.computeIfAbsent(decision.share().value(), _ -> new HashSet<>())
                        .add(entry.call().user());
                if (decision.arm() == Arm.NEW) {
                    moved.computeIfAbsent(decision.share().value(), _ -> new HashSet<>())
                            .add(entry.call().user());
                }
            }
        }
        var check =
                new Findings.Counting(
                        "each step's share of distinct keys is inside its 99.9 % binomial interval");
        all.forEach((share, keys) -> {
            int onNew = moved.getOrDefault(share, Set.of()).size();
            BinomialInterval interval = BinomialInterval.of(keys.size(), share / 1e6, COVERAGE);
            check.count(
                    interval.contains(onNew),
                    () ->
                            "at "
                                    + share / 1e4
                                    + " %: "
                                    + onNew
                                    + " of "
                                    + keys.size()
                                    + " keys (expected: "
                                    + interval.low()
                                    + ".."
                                    + interval.high()
                                    + ")");
        });
        return check.done();
    }

    /** A key that was on NEW at a share is there at every share not below. */
    private static Findings.Check monotone(List<Entry> entries) {
        Map<Integer, Integer> lowestNew = new TreeMap<>();
        Map<Integer, Integer> highestLegacy = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.outcome() instanceof Answered answered && answered.decision().isPresent()) {
                GateDecision decision = answered.decision().get();
                if (decision.reason() == Reason.SHARE) {
                    (decision.arm() == Arm.NEW ? lowestNew : highestLegacy)
                            .merge(
                                    entry.call().user(),
                                    decision.share().value(),
                                    decision.arm() == Arm.NEW ? Math::min : Math::max);
                }
            }
        }
        var check = new Findings.Counting("raising the share moved no key back");
        lowestNew.forEach((user, share) -> {
            int legacy = highestLegacy.getOrDefault(user, -1);
            check.count(
                    legacy < share,
                    () -> "user " + user + " on NEW at " + share + ", on LEGACY at " + legacy);
        });
        return check.done();
    }

    private static Findings.Check nothingLost(Ledger ledger, List<Entry> entries) {
        var check = new Findings.Counting("every request sent has its one outcome");
        check.count(
                ledger.sent() == entries.size(),
                () -> ledger.sent() + " sent, " + entries.size() + " ended");
        for (Entry entry : entries) {
            check.count(!(entry.outcome() instanceof Entry.Outcome.Lost), entry::toString);
        }
        return check.done();
    }

    private Findings.Check noErrors(List<Entry> entries) {
        var check = new Findings.Counting("no error reached a user but those of the seeded bug");
        for (Entry entry : entries) {
            check.count(!entry.isError() || blameless.test(entry), entry::toString);
        }
        return check.done();
    }
}
