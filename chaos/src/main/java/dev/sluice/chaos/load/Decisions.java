package dev.sluice.chaos.load;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.decide.DecisionHeader;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Checks what gates decided, by the header {@code x-sluice-decision}. Stateless. */
final class Decisions {
    private static final double COVERAGE = 0.999;

    private Decisions() {}

    /** The decision of an answer; empty without one, or when it can't be read. */
    static Optional<GateDecision> of(Answer answer) {
        return answer instanceof Answer.Complete complete
                        && complete.decision().isPresent()
                        && DecisionHeader.parse(complete.decision().get())
                                instanceof Parsed.Ok<GateDecision>(GateDecision decision)
                ? Optional.of(decision)
                : Optional.empty();
    }

    private record Place(String gate, int target, String key) {}

    /**
     * The lowest share with the key on NEW must be above the highest with it on LEGACY. A trip, a
     * kill and a fallback are ways back that are allowed, and other reasons are no share's.
     */
    static Finding arm(List<Entry> entries) {
        Map<Place, Integer> lowestNew = new HashMap<>();
        Map<Place, Integer> highestLegacy = new HashMap<>();
        Tally tally = new Tally(Check.ARM, "no key went back while the share did not");
        for (Entry entry : entries) {
            Optional<GateDecision> decision = of(entry.answer());
            if (isUnreadable(entry.answer(), decision)) {
                tally.count(false, () -> "request " + entry.planned().id() + ": no decision");
            }
            decision.filter(made -> made.reason() == Reason.SHARE)
                    .ifPresent(made -> {
                        Place place =
                                new Place(
                                        made.gate().name(),
                                        entry.planned().target(),
                                        entry.planned().key());
                        if (made.arm() == Arm.NEW) {
                            lowestNew.merge(place, made.share().value(), Math::min);
                        } else {
                            highestLegacy.merge(place, made.share().value(), Math::max);
                        }
                    });
        }
        Set<Place> all = new HashSet<>(lowestNew.keySet());
        all.addAll(highestLegacy.keySet());
        for (Place place : all) {
            int onNew = lowestNew.getOrDefault(place, Integer.MAX_VALUE);
            int onLegacy = highestLegacy.getOrDefault(place, -1);
            tally.count(
                    onLegacy < onNew,
                    () ->
                            "%s at target %d of %s: on NEW at share %d, on LEGACY at %d"
                                    .formatted(
                                            place.key(),
                                            place.target(),
                                            place.gate(),
                                            onNew,
                                            onLegacy));
        }
        return tally.done();
    }

    private static boolean isUnreadable(Answer answer, Optional<GateDecision> decision) {
        return decision.isEmpty()
                && answer instanceof Answer.Complete complete
                && complete.decision().isPresent();
    }

    private record Revised(String gate, int target) {}

    private record Seen(Entry entry, GateRevision revision) {}

    /** What was sent after another had ended was decided after it. */
    static Finding revision(List<Entry> entries) {
        Map<Revised, List<Seen>> decided = new HashMap<>();
        for (Entry entry : entries) {
            of(entry.answer())
                    .ifPresent(made ->
                            made.revision()
                                    .ifPresent(revision ->
                                            decided.computeIfAbsent(
                                                            new Revised(
                                                                    made.gate().name(),
                                                                    entry.planned().target()),
                                                            _ -> new ArrayList<>())
                                                    .add(new Seen(entry, revision))));
        }
        Tally tally =
                new Tally(
                        Check.REVISION,
                        "no sidecar decided by a lower revision of a gate than before");
        decided.values().forEach(all -> inOrder(all, tally));
        return tally.done();
    }

    private static void inOrder(List<Seen> all, Tally tally) {
        List<Seen> byEnd = new ArrayList<>(all);
        all.sort(Comparator.comparingLong(seen -> seen.entry().sent()));
        byEnd.sort(Comparator.comparingLong(seen -> seen.entry().ended()));
        Seen highest = byEnd.getFirst();
        int ended = 0;
        for (Seen seen : all) {
            while (byEnd.get(ended).entry().ended() < seen.entry().sent()) {
                Seen before = byEnd.get(ended++);
                highest = highest.revision().isBelow(before.revision()) ? before : highest;
            }
            Seen then = highest;
            tally.count(
                    ended == 0 || !seen.revision().isBelow(then.revision()),
                    () ->
                            "request %d: revision %s, after request %d: revision %s"
                                    .formatted(
                                            seen.entry().planned().id(),
                                            seen.revision(),
                                            then.entry().planned().id(),
                                            then.revision()));
        }
    }

    private record Step(String gate, int share) {}

    /** Distinct keys of each step: how many were on NEW. Requests of one key are one trial. */
    static Finding share(List<Entry> entries) {
        Map<Step, Set<String>> all = new HashMap<>();
        Map<Step, Set<String>> moved = new HashMap<>();
        for (Entry entry : entries) {
            of(entry.answer())
                    .filter(made -> made.reason() == Reason.SHARE)
                    .ifPresent(made -> {
                        Step step = new Step(made.gate().name(), made.share().value());
                        String key = entry.planned().key();
                        all.computeIfAbsent(step, _ -> new HashSet<>()).add(key);
                        if (made.arm() == Arm.NEW) {
                            moved.computeIfAbsent(step, _ -> new HashSet<>()).add(key);
                        }
                    });
        }
        Tally tally =
                new Tally(
                        Check.SHARE,
                        "the share of keys on NEW is inside its 99.9 % binomial interval");
        Map<String, Step> inOrder = new TreeMap<>();
        all.keySet()
                .forEach(step -> inOrder.put(step.gate() + "%07d".formatted(step.share()), step));
        for (Step step : inOrder.values()) {
            int keys = all.getOrDefault(step, Set.of()).size();
            int onNew = moved.getOrDefault(step, Set.of()).size();
            Interval interval = Interval.of(keys, step.share() / 1e6, COVERAGE);
            tally.count(
                    interval.contains(onNew),
                    () ->
                            "%s at share %d: %d of %d keys on NEW (expected: %d..%d)"
                                    .formatted(
                                            step.gate(),
                                            step.share(),
                                            onNew,
                                            keys,
                                            interval.low(),
                                            interval.high()));
        }
        return tally.done();
    }
}
