package dev.sluice.control.judge;

import dev.sluice.control.judge.SimulatedRamp.Alarm;
import dev.sluice.control.judge.SimulatedRamp.Decided;
import dev.sluice.control.judge.SimulatedRamp.Pace;
import dev.sluice.control.judge.SimulatedRamp.Result;
import dev.sluice.control.judge.SimulatedRamp.Stop;
import dev.sluice.control.judge.Traffic.Errors;
import dev.sluice.control.judge.Traffic.Keys;
import dev.sluice.control.judge.Traffic.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The judge against fixed thresholds on the same streams: how often two arms alike are taken back,
 * and how soon a worse one is. Prints Markdown and writes JSON; {@code docs/reference/judge.md} and
 * {@code judge.json} keep a run, {@code judge-keys.json} one of the rows of correlated keys.
 *
 * <pre>arguments: [ramps per row = 1000] [seed = 1] [file of the JSON] [all | alike | correlated]
 * </pre>
 *
 * {@code alike} walks the rows of two arms alone, which are the first of all and so the same.
 */
final class JudgeSimulation {
    static final int KEYS = 20_000;
    private static final double SLOW = 0.01;

    /** Part of answers above legacy's p99 when a log-normal latency (sigma 0.5) grows by 30 %. */
    private static final double SLOWER = 0.0359;

    private final int ramps;
    private final RandomGenerator random;

    JudgeSimulation(int ramps, long seed) {
        this.ramps = ramps;
        this.random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
    }

    public static void main(String[] arguments) throws IOException {
        int ramps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        JudgeSimulation simulation = new JudgeSimulation(ramps, seed);
        String rows = arguments.length > 3 ? arguments[3] : "all";
        JudgeFigures figures =
                switch (rows) {
                    case "all" -> simulation.figures(seed);
                    case "alike" ->
                            new JudgeFigures(ramps, seed, simulation.alikeRows(), List.of());
                    case "correlated" -> simulation.correlated(seed);
                    default ->
                            throw new IllegalArgumentException(
                                    rows + " (expected all, alike or correlated)");
                };
        figures.markdown().forEach(System.out::println);
        if (arguments.length > 2) {
            figures.write(Path.of(arguments[2]));
        }
    }

    JudgeFigures figures(long seed) {
        List<JudgeFigures.Alike> alike = alikeRows();
        List<JudgeFigures.Worse> worse = new ArrayList<>();
        worse.add(found("0.1 % to 1.1 % errors, independent", errors(0, Errors.SPREAD)));
        worse.add(found("the same, 5,000 keys", errors(5_000, Errors.SPREAD)));
        worse.add(
                found(
                        "the same, on 20 % of 5,000 keys",
                        errors(5_000, Errors.ON_20_PERCENT_OF_KEYS)));
        worse.add(
                found(
                        "the same, on 2 % of 5,000 keys",
                        errors(5_000, Errors.ON_2_PERCENT_OF_KEYS)));
        for (Keys keys : Keys.values()) {
            worse.add(
                    found(
                            "p99 +30 %, 20,000 keys " + keys,
                            new Shape(KEYS, keys, Errors.SPREAD, 0.001, 0.001, SLOWER)));
        }
        return new JudgeFigures(ramps, seed, alike, worse);
    }

    private List<JudgeFigures.Alike> alikeRows() {
        List<JudgeFigures.Alike> alike = new ArrayList<>();
        for (double base : new double[] {0.001, 0.01, 0.05}) {
            for (Keys keys : Keys.values()) {
                for (Errors errors : List.of(Errors.SPREAD, Errors.ON_2_PERCENT_OF_KEYS)) {
                    alike.add(JudgeFigures.Alike.of(base, keys, errors, alike(base, keys, errors)));
                }
            }
        }
        return alike;
    }

    /** One point more errors where requests of one key err alike, in other ways than above. */
    JudgeFigures correlated(long seed) {
        List<JudgeFigures.Worse> worse = new ArrayList<>();
        worse.add(
                found(
                        "on 2 % of 500,000 keys, of which 5,000 come to the new arm at 1 %",
                        errors(100 * 5_000, Errors.ON_2_PERCENT_OF_KEYS)));
        worse.add(found("5,000 keys, correlation 0.05", errors(5_000, Errors.CORRELATED_005)));
        worse.add(found("5,000 keys, correlation 0.1", errors(5_000, Errors.CORRELATED_010)));
        worse.add(found("5,000 keys, correlation 0.2", errors(5_000, Errors.CORRELATED_020)));
        return new JudgeFigures(ramps, seed, List.of(), worse);
    }

    /** Ramps of two arms alike. */
    List<Result> alike(double base, Keys keys, Errors errors) {
        return run(
                new Shape(KEYS, keys, errors, base, base, SLOW),
                new Pace(200, 500, 10),
                Stop.AT_THE_END,
                Decided.HERE);
    }

    /**
     * The same of a member of a set to which every decision is carried, up to the judge's alarm.
     */
    List<Result> alikeByBuckets(double base, Keys keys, Errors errors) {
        return run(
                new Shape(KEYS, keys, errors, base, base, SLOW),
                new Pace(200, 500, 10),
                Stop.AT_THE_JUDGE_S_ALARM,
                Decided.ELSEWHERE);
    }

    static Shape errors(int keys, Errors errors) {
        return new Shape(keys, Keys.UNIFORM, errors, 0.001, 0.011, SLOW);
    }

    /** Ramps of a worse new arm, up to the judge's alarm. */
    List<Result> worse(Shape shape) {
        return run(shape, new Pace(200, 500, 1), Stop.AT_THE_JUDGE_S_ALARM, Decided.HERE);
    }

    /** Ramps of a worse member to which every decision is carried. */
    List<Result> worseByBuckets(Shape shape) {
        return run(shape, new Pace(200, 500, 1), Stop.AT_THE_JUDGE_S_ALARM, Decided.ELSEWHERE);
    }

    private JudgeFigures.Worse found(String what, Shape shape) {
        return JudgeFigures.Worse.of(
                what, run(shape, new Pace(200, 500, 1), Stop.AT_THE_END, Decided.HERE));
    }

    private List<Result> run(Shape shape, Pace pace, Stop stop, Decided decided) {
        Traffic.Alias popularity = Traffic.popularity(shape.keys(), shape.distribution());
        List<Result> results = new ArrayList<>();
        for (int ramp = 0; ramp < ramps; ramp++) {
            Traffic traffic =
                    decided == Decided.HERE
                            ? Traffic.ofKeys(shape, popularity, random)
                            : Traffic.ofBuckets(shape, popularity, random);
            results.add(new SimulatedRamp(traffic, pace, decided).run(random, stop));
        }
        return results;
    }

    static long alarms(List<Result> results, Function<Result, Optional<Alarm>> of) {
        return results.stream().map(of).filter(Optional::isPresent).count();
    }

    /** The judge's alarm after which half of all ramps were taken back; empty when fewer were. */
    static Optional<Alarm> median(List<Result> results) {
        return median(results, Result::judge);
    }

    /** The same of any rule. */
    static Optional<Alarm> median(List<Result> results, Function<Result, Optional<Alarm>> of) {
        List<Alarm> alarms =
                results.stream()
                        .flatMap(result -> of.apply(result).stream())
                        .sorted((a, b) -> Long.compare(a.candidates(), b.candidates()))
                        .toList();
        int half = results.size() / 2;
        return alarms.size() > half ? Optional.of(alarms.get(half)) : Optional.empty();
    }
}
