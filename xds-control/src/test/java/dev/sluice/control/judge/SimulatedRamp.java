package dev.sluice.control.judge;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.Verdict.Outcome;
import dev.sluice.control.change.spec.JudgePolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One ramp of 1, 5, 25, 50 and 99 % over simulated traffic, looked at all the time by the judge and
 * by the rules of fixed thresholds beside it. The ramp goes on by time alone, so that every rule
 * sees the same stream to its end. Owned by one run.
 */
final class SimulatedRamp {
    static final int[] SHARES = {10_000, 50_000, 250_000, 500_000, 990_000};
    private static final Instant TIME = Instant.parse("2026-11-01T08:00:00Z");
    private static final int THRESHOLD_INTERVAL_SECONDS = 60;
    private static final int LOAD_PERIOD_SECONDS = 700;

    /**
     * How the ramp is run.
     *
     * @param stepSeconds length of each step
     * @param requestsPerSecond mean; the load swings by half about it
     * @param lookSeconds between looks of the judge
     */
    record Pace(int stepSeconds, int requestsPerSecond, int lookSeconds) {}

    /**
     * Who took the ramp back, and when.
     *
     * @param candidates requests of the new arm up to then
     * @param share in force then, parts per million
     */
    record Alarm(long candidates, int share) {}

    /** The first alarm of each rule; empty for none. */
    record Result(Optional<Alarm> judge, Optional<Alarm> flagger, Optional<Alarm> argo) {}

    private final Judge judge = new KeyJudge();
    private final Traffic traffic;
    private final Pace pace;
    private final Decided decided;
    private long candidates;

    SimulatedRamp(Traffic traffic, Pace pace, Decided decided) {
        this.traffic = traffic;
        this.pace = pace;
        this.decided = decided;
    }

    /** Who decides for the requests that are judged. */
    enum Decided {
        /** The gate, by its keys. */
        HERE,
        /** Another gate of the set; here the buckets of its decisions are counted. */
        ELSEWHERE
    }

    /** Walks all steps, or up to the alarm of the judge where nothing else is asked. */
    Result run(RandomGenerator random, Stop stop) {
        Optional<Alarm> judged = Optional.empty();
        FixedThreshold flagger = FixedThreshold.flagger();
        FixedThreshold argo = FixedThreshold.argo();
        int second = 0;
        for (int step = 0; step < SHARES.length; step++) {
            traffic.step();
            long before = candidates;
            for (int of = 0; of < pace.stepSeconds(); of++, second++) {
                int requests = load(second, random);
                for (int i = 0; i < requests; i++) {
                    traffic.request(SHARES[step]);
                }
                candidates = before + traffic.requests[1];
                Alarm now = new Alarm(candidates, SHARES[step]);
                if (judged.isEmpty() && of % pace.lookSeconds() == 0 && isDegraded(step)) {
                    judged = Optional.of(now);
                    if (stop == Stop.AT_THE_JUDGE_S_ALARM) {
                        return new Result(judged, Optional.empty(), Optional.empty());
                    }
                }
                if (second % THRESHOLD_INTERVAL_SECONDS == THRESHOLD_INTERVAL_SECONDS - 1) {
                    flagger.check(traffic, now);
                    argo.check(traffic, now);
                }
            }
            flagger.endStep();
            argo.endStep();
        }
        return new Result(judged, flagger.alarm(), argo.alarm());
    }

    enum Stop {
        AT_THE_JUDGE_S_ALARM,
        AT_THE_END
    }

    private int load(int second, RandomGenerator random) {
        double drift = 1 + 0.5 * Math.sin(2 * Math.PI * second / LOAD_PERIOD_SECONDS);
        double wanted = pace.requestsPerSecond() * drift;
        return (int) wanted + (random.nextDouble() < wanted - (int) wanted ? 1 : 0);
    }

    private boolean isDegraded(int step) {
        JudgedGate gate =
                new JudgedGate(
                        new GateName("simulated"), new GateRevision(1, step + 1L), arm(0), arm(1));
        JudgedGate silent =
                new JudgedGate(gate.gate(), gate.revision(), JudgedArm.NONE, JudgedArm.NONE);
        JudgedStep seen =
                new JudgedStep(
                        step,
                        SHARES.length,
                        new PartsPerMillion(SHARES[step]),
                        JudgePolicy.DEFAULT,
                        TIME,
                        List.of(decided == Decided.HERE ? gate : silent),
                        decided == Decided.HERE ? List.of() : List.of(gate),
                        0,
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of());
        return judge.judge(seen).outcome() == Outcome.DEGRADED;
    }

    private JudgedArm arm(int arm) {
        return new JudgedArm(
                traffic.keys[arm],
                traffic.keys[arm],
                traffic.errorKeys[arm],
                traffic.slowKeys[arm],
                traffic.requests[arm],
                0,
                traffic.errors[arm],
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0);
    }
}
