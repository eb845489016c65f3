package dev.sluice.control.orchestrate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.EvidenceTotals.ErringKeys;
import dev.sluice.control.judge.SelfCheck;
import dev.sluice.control.judge.SelfCheck.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Asks the judge about parts of LEGACY all the time, at every gate, ramp or none, and counts what
 * it finds: its false alarms. A trial is one split under one revision of a gate; an alarm of it
 * counts once. Kept in memory only.
 *
 * <p>{@link #tick} is called by one thread at a time; the rest by any.
 */
public final class SelfChecks {
    /** Gates looked at in one tick, so that thousands of gates cost no more than a few. */
    private static final int GATES_A_TICK = 4;

    private static final PartsPerMillion HALF = new PartsPerMillion(PartsPerMillion.WHOLE / 2);
    private static final int FEWEST_PPM = PartsPerMillion.WHOLE / 100;

    private final EvidenceTotals evidence;
    private final Map<GateName, State> states = new ConcurrentHashMap<>();
    private int next;

    public SelfChecks(EvidenceTotals evidence) {
        this.evidence = evidence;
    }

    /**
     * How the trials of a gate stand. Immutable.
     *
     * @param revision of the trials under way
     * @param part of legacy's keys that plays the new arm
     * @param newest what the last look said
     * @param able of the trials under way, those that had keys enough to alarm
     * @param alarmed of these, those that did
     * @param trialsBefore able trials of revisions before
     * @param alarmsBefore alarms of these
     */
    public record State(
            GateRevision revision,
            PartsPerMillion part,
            ErringKeys keys,
            SelfCheck newest,
            List<Boolean> able,
            List<Boolean> alarmed,
            long trialsBefore,
            long alarmsBefore) {
        public State {
            able = List.copyOf(able);
            alarmed = List.copyOf(alarmed);
        }

        /** All trials that could have alarmed, those under way included. */
        public long trials() {
            return trialsBefore + count(able);
        }

        /** How many of them did; each a false alarm. */
        public long alarms() {
            return alarmsBefore + count(alarmed);
        }

        private static long count(List<Boolean> flags) {
            return flags.stream().filter(flag -> flag).count();
        }

        private State looked(ErringKeys seen, SelfCheck check) {
            return new State(
                    revision,
                    part,
                    seen,
                    check,
                    latched(able, check.splits().stream().map(Split::isAble).toList()),
                    latched(alarmed, check.splits().stream().map(Split::isAlarm).toList()),
                    trialsBefore,
                    alarmsBefore);
        }

        private static List<Boolean> latched(List<Boolean> before, List<Boolean> now) {
            return IntStream.range(0, now.size())
                    .mapToObj(split -> before.get(split) || now.get(split))
                    .toList();
        }
    }

    /** Looks at the next few gates; to be called every second or so, while this replica leads. */
    public void tick(Catalog catalog) {
        List<GateState> gates = List.copyOf(catalog.gates());
        states.keySet().removeIf(name -> catalog.gate(name).isEmpty());
        for (int i = 0; i < Math.min(GATES_A_TICK, gates.size()); i++) {
            look(gates.get(next++ % gates.size()));
        }
        next = gates.isEmpty() ? 0 : next % gates.size();
    }

    private void look(GateState gate) {
        ErringKeys keys = evidence.legacyKeys(gate.name(), gate.revision());
        State state =
                Optional.ofNullable(states.get(gate.name()))
                        .filter(known -> known.revision().equals(gate.revision()))
                        .orElseGet(() -> begun(gate));
        states.put(
                gate.name(),
                state.looked(keys, SelfCheck.of(keys.errors(), keys.slow(), state.part())));
    }

    private State begun(GateState gate) {
        Optional<State> before = Optional.ofNullable(states.get(gate.name()));
        List<Boolean> none = IntStream.range(0, SelfCheck.SPLITS).mapToObj(_ -> false).toList();
        return new State(
                gate.revision(),
                part(gate.content().share()),
                ErringKeys.NONE,
                new SelfCheck(List.of()),
                none,
                none,
                before.map(State::trials).orElse(0L),
                before.map(State::alarms).orElse(0L));
    }

    /** The share in force, since the judge errs by it; a half where it is too near to an end. */
    private static PartsPerMillion part(PartsPerMillion share) {
        return share.value() >= FEWEST_PPM && share.value() <= PartsPerMillion.WHOLE - FEWEST_PPM
                ? share
                : HALF;
    }

    /** How the trials of one gate stand; empty before it was looked at. */
    public Optional<State> of(GateName gate) {
        return Optional.ofNullable(states.get(gate));
    }

    /** The same of all, by name. */
    public Map<GateName, State> all() {
        return new TreeMap<>(states);
    }
}
