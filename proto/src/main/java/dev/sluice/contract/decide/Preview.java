package dev.sluice.contract.decide;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.MissingKey;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a change of a gate moves, computed from the two states alone. Where salt or key source
 * change, every key is drawn anew, and the parts are expectations. Immutable.
 *
 * @param toPpm keys that would go to a later mode, as part of the key space under the share
 * @param backPpm keys that would go back to an earlier mode, likewise
 * @param exposedPpm keys in mode {@code to} afterwards, likewise
 * @param fixedRules names of the rules with a fixed arm, whose traffic comes on top and cannot be
 *     foreseen from the gate alone
 * @param wayBack whether and by what keys may move back
 * @param writesToNewPpm keys that would be written to NEW first and are not yet, as part of the key
 *     space
 * @param writesToLegacyPpm keys that would be written to LEGACY first and are not yet, likewise
 */
public record Preview(
        PartsPerMillion toPpm,
        PartsPerMillion backPpm,
        PartsPerMillion exposedPpm,
        List<String> fixedRules,
        WayBack wayBack,
        PartsPerMillion writesToNewPpm,
        PartsPerMillion writesToLegacyPpm) {
    /** By what keys may move back. */
    public enum WayBack {
        /** No key does. */
        NONE,
        /** By a lower share or write authority, a kill or a rollback only: never held up. */
        TAKEN_BACK,
        /** By another salt, key source, missing-key policy, mode or rule: needs allow_moves. */
        MOVED
    }

    public Preview {
        fixedRules = List.copyOf(fixedRules);
    }

    /** What changes from {@code before} to {@code after}, states of the same gate. */
    public static Preview between(Gate before, Gate after) {
        boolean moved =
                moves(before, nothingTakenBack(before, after)).back > 0
                        || keylessMoveBack(before, after)
                        || rulesMoveBack(before, after);
        boolean killed = after.isKilled() && !before.isKilled();
        Moves moves = moves(before, after);
        Moves writes = moves(before, after, Preview::writers);
        WayBack byShare =
                moves.back > 0 || writes.back > 0 || killed ? WayBack.TAKEN_BACK : WayBack.NONE;
        return new Preview(
                new PartsPerMillion(moves.to),
                new PartsPerMillion(moves.back),
                new PartsPerMillion(share(after)),
                fixed(after.rules()),
                moved ? WayBack.MOVED : byShare,
                new PartsPerMillion(writes.to),
                new PartsPerMillion(writes.back));
    }

    /** What a gate that did not exist does. */
    public static Preview ofNew(Gate gate) {
        PartsPerMillion exposed = new PartsPerMillion(share(gate));
        return new Preview(
                exposed,
                PartsPerMillion.NONE,
                exposed,
                fixed(gate.rules()),
                WayBack.NONE,
                new PartsPerMillion(writtenToNew(gate)),
                PartsPerMillion.NONE);
    }

    /** Whether the change must be allowed expressly. */
    public boolean needsAllowMoves() {
        return wayBack == WayBack.MOVED;
    }

    /** Whether any request may go back to an earlier mode, by whatever part of the change. */
    public boolean movesBack() {
        return wayBack != WayBack.NONE;
    }

    private record Moves(int to, int back) {}

    /** A part of the key space, in parts per million, and its mode. */
    private record Part(int start, int end, Mode mode) {
        long size() {
            return (long) end - start;
        }
    }

    private static Moves moves(Gate before, Gate after) {
        return moves(before, after, Preview::parts);
    }

    private static Moves moves(Gate before, Gate after, Function<Gate, List<Part>> parts) {
        boolean sameBuckets =
                before.bucketing().salt().equals(after.bucketing().salt())
                        && before.bucketing().key().equals(after.bucketing().key());
        long to = 0;
        long back = 0;
        for (Part old : parts.apply(before)) {
            for (Part now : parts.apply(after)) {
                long common = sameBuckets ? overlap(old, now) : expected(old, now);
                to += now.mode.compareTo(old.mode) > 0 ? common : 0;
                back += now.mode.compareTo(old.mode) < 0 ? common : 0;
            }
        }
        return new Moves((int) to, (int) back);
    }

    private static long overlap(Part a, Part b) {
        return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
    }

    private static long expected(Part a, Part b) {
        return Math.ceilDiv(a.size() * b.size(), (long) PartsPerMillion.WHOLE);
    }

    private static List<Part> parts(Gate gate) {
        int share = share(gate);
        return List.of(
                new Part(0, share, gate.to()), new Part(share, PartsPerMillion.WHOLE, gate.from()));
    }

    /** The modes here stand for their authoritative arms. */
    private static List<Part> writers(Gate gate) {
        int below = writtenToNew(gate);
        return List.of(
                new Part(0, below, Mode.LIVE), new Part(below, PartsPerMillion.WHOLE, Mode.SHADOW));
    }

    /** Part of the key space that is written to NEW first. */
    private static int writtenToNew(Gate gate) {
        if (gate.from().authoritative() == gate.to().authoritative()) {
            return gate.to().authoritative() == Arm.NEW ? PartsPerMillion.WHOLE : 0;
        }
        return gate.movesWriteAuthority()
                        && gate.writeAuthority()
                                instanceof Gate.WriteAuthority.NewBelow(PartsPerMillion below)
                ? below.value()
                : share(gate);
    }

    private static int share(Gate gate) {
        return gate.isKilled() ? 0 : gate.share().value();
    }

    /** {@code after} as if nothing had been killed and no share lowered between its modes. */
    private static Gate nothingTakenBack(Gate before, Gate after) {
        Gate alive = after.withKill(Optional.empty());
        boolean lowered =
                before.from() == after.from()
                        && before.to() == after.to()
                        && after.share().compareTo(before.share()) < 0;
        return lowered ? alive.withShare(before.share()) : alive;
    }

    /** Requests without key, when the policy turns to LEGACY before the share is whole. */
    private static boolean keylessMoveBack(Gate before, Gate after) {
        return !(before.bucketing().missingKey() instanceof MissingKey.Legacy)
                && after.bucketing().missingKey() instanceof MissingKey.Legacy
                && !before.share().isNone()
                && !after.share().isAll();
    }

    /**
     * Whether a request that the old rules put in, or left to the share, may be kept out by the new
     * ones. Rules that stand the same at the start of both decide the same, but for cohorts by
     * which nobody goes back; which of the others a request meets is not known, so each may be the
     * one.
     */
    private static boolean rulesMoveBack(Gate before, Gate after) {
        int common = commonStart(before.rules(), after.rules());
        List<Rule> old = before.rules().subList(common, before.rules().size());
        List<Rule> now = after.rules().subList(common, after.rules().size());
        if (old.isEmpty() && now.isEmpty()) {
            return false;
        }
        boolean wasIn = fixes(old, Arm.NEW);
        boolean isOut = fixes(now, Arm.LEGACY);
        return (wasIn && (isOut || !after.share().isAll())) || (isOut && !before.share().isNone());
    }

    private static boolean fixes(List<Rule> rules, Arm arm) {
        return rules.stream().anyMatch(rule -> rule.outcome().equals(new Rule.Outcome.Fixed(arm)));
    }

    private static int commonStart(List<Rule> before, List<Rule> after) {
        int common = 0;
        while (common < Math.min(before.size(), after.size())
                && keepsForward(before.get(common), after.get(common))) {
            common++;
        }
        return common;
    }

    /**
     * Whether a rule in the place of another keeps nobody out whom that one put in: it is the same,
     * or puts more of a cohort in, or keeps fewer of one out.
     */
    private static boolean keepsForward(Rule before, Rule after) {
        if (before.equals(after)) {
            return true;
        }
        if (before.cohort().isEmpty()
                || after.cohort().isEmpty()
                || !before.withCohort(after.cohort()).equals(after)) {
            return false;
        }
        CohortMatch old = before.cohort().get();
        CohortMatch now = after.cohort().get();
        return (after.outcome().equals(new Rule.Outcome.Fixed(Arm.NEW)) && now.covers(old))
                || (after.outcome().equals(new Rule.Outcome.Fixed(Arm.LEGACY)) && old.covers(now));
    }

    private static List<String> fixed(List<Rule> rules) {
        return rules.stream()
                .filter(rule -> rule.outcome() instanceof Rule.Outcome.Fixed)
                .map(Rule::name)
                .toList();
    }
}
