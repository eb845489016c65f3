package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.change.spec.Phase;
import java.util.List;
import java.util.Optional;

/**
 * What a phase means for gates and people: the walk of a migration as data. Immutable.
 *
 * @param from mode of the gates' keys that have not moved
 * @param to mode of those that have
 * @param keys which keys move when the phase is entered
 * @param reports steps that a job must report before the phase is left
 * @param back where a rollback leads
 * @param takeBack what the gates say of keys going back
 * @param locks whether the tables of the migration are changed in this phase
 */
record PhaseRule(
        Phase phase,
        Mode from,
        Mode to,
        Keys keys,
        List<String> reports,
        Back back,
        TakeBack takeBack,
        boolean locks) {

    /** Which keys move. */
    enum Keys {
        /** None; all are in {@code from}. */
        NONE,
        /** All at once, unless they are there. */
        ALL,
        /** By the judged steps of the plan. */
        RAMP,
        /** All, judged against the ramp before. */
        SOAK
    }

    /** Where a rollback leads. */
    sealed interface Back {
        /** No key has moved: the migration is given up. */
        record Abandon() implements Back {}

        /** To an earlier phase. */
        record To(Phase phase) implements Back {}

        /** The same, while a job says that the data there is kept in step. */
        record WhileMirrored(Phase phase) implements Back {}

        /** Past the point of no return. */
        record Never() implements Back {}
    }

    /** The step that a job reports to say that what is written is kept in step on the old side. */
    static final String MIRROR = "mirror";

    private static final List<PhaseRule> SEPARATE =
            List.of(
                    rule(Phase.EXPAND, Mode.OFF, Keys.NONE, new Back.Abandon(), "expand"),
                    rule(Phase.DUAL_WRITE, Mode.OFF, Keys.ALL, new Back.To(Phase.EXPAND)),
                    rule(Phase.BACKFILL, Mode.OFF, Keys.ALL, new Back.To(Phase.EXPAND), "backfill"),
                    rule(Phase.VERIFY, Mode.OFF, Keys.ALL, new Back.To(Phase.EXPAND), "verify"),
                    rule(Phase.SHADOW, Mode.DUAL_WRITE, Keys.ALL, new Back.To(Phase.VERIFY)),
                    rule(Phase.RAMP, Mode.SHADOW, Keys.RAMP, new Back.To(Phase.SHADOW)),
                    rule(Phase.SOAK, Mode.SHADOW, Keys.SOAK, new Back.To(Phase.SHADOW)),
                    rule(Phase.RAMP_DOWN, Mode.LIVE, Keys.ALL, new Back.WhileMirrored(Phase.SOAK)),
                    forward(Phase.DRAIN, Mode.RAMP_DOWN, "drain"),
                    forward(Phase.CONTRACT, Mode.RAMP_DOWN, "contract"),
                    forward(Phase.DONE, Mode.RAMP_DOWN));

    private static final List<PhaseRule> SHARED =
            List.of(
                    rule(Phase.EXPAND, Mode.OFF, Keys.NONE, new Back.Abandon(), "expand"),
                    rule(
                            Phase.BACKFILL,
                            Mode.OFF,
                            Keys.NONE,
                            new Back.To(Phase.EXPAND),
                            "backfill"),
                    rule(Phase.VERIFY, Mode.OFF, Keys.NONE, new Back.To(Phase.EXPAND), "verify"),
                    rule(Phase.RAMP, Mode.OFF, Keys.RAMP, new Back.To(Phase.VERIFY)),
                    rule(Phase.SOAK, Mode.OFF, Keys.SOAK, new Back.To(Phase.VERIFY)),
                    rule(Phase.DRAIN, Mode.OFF, Keys.ALL, new Back.To(Phase.VERIFY), "drain"),
                    forward(Phase.CONTRACT, Mode.OFF, "contract"),
                    forward(Phase.DONE, Mode.OFF));

    PhaseRule {
        reports = List.copyOf(reports);
    }

    /** The walk of a kind of store; a SHARED one skips what it does not need. */
    static List<PhaseRule> walk(StoreKind store) {
        return switch (store) {
            case SEPARATE -> SEPARATE;
            case SHARED -> SHARED.stream().map(PhaseRule::shared).toList();
        };
    }

    static PhaseRule of(StoreKind store, Phase phase) {
        return walk(store).stream().filter(rule -> rule.phase == phase).findFirst().orElseThrow();
    }

    /** The neighbour forward; empty after the last. */
    static Optional<PhaseRule> after(StoreKind store, Phase phase) {
        return walk(store).stream().filter(rule -> rule.phase.compareTo(phase) > 0).findFirst();
    }

    /** The mode in which every key is once the phase is in force everywhere. */
    Mode rest() {
        return keys == Keys.NONE ? from : to;
    }

    /** The share at which a gate of this phase's modes has every key there. */
    PartsPerMillion restingShare() {
        return keys == Keys.NONE ? PartsPerMillion.NONE : PartsPerMillion.ALL;
    }

    /** Whether its keys move as the judge lets them. */
    boolean isJudged() {
        return keys == Keys.RAMP || keys == Keys.SOAK;
    }

    /** Whether a job works on the data in this phase. */
    boolean works() {
        return !reports.isEmpty();
    }

    /** Whether the writes of its keys change sides, between two stores. */
    boolean movesWrites() {
        return to != Mode.COMPLETE && from.authoritative() != to.authoritative();
    }

    boolean hasModesOf(Gate gate) {
        return gate.from() == from && gate.to() == to;
    }

    /** Whether every key of a gate that the share decides about is in a mode. */
    static boolean allIn(Mode mode, Gate gate) {
        return (gate.from() == mode && gate.share().isNone())
                || (gate.to() == mode && gate.share().isAll());
    }

    private PhaseRule shared() {
        return new PhaseRule(phase, from, Mode.COMPLETE, keys, reports, back, takeBack, locks);
    }

    private static PhaseRule rule(Phase phase, Mode from, Keys keys, Back back, String... reports) {
        return new PhaseRule(
                phase,
                from,
                from.next(StoreKind.SEPARATE).iterator().next(),
                keys,
                List.of(reports),
                back,
                TakeBack.FROM,
                phase == Phase.EXPAND);
    }

    private static PhaseRule forward(Phase phase, Mode from, String... reports) {
        return new PhaseRule(
                phase,
                from,
                from.next(StoreKind.SEPARATE).iterator().next(),
                Keys.ALL,
                List.of(reports),
                new Back.Never(),
                TakeBack.FORBIDDEN,
                phase == Phase.CONTRACT);
    }
}
