package dev.sluice.e2e.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A row of the catalogue that is run in virtual time, as its file says. Immutable.
 *
 * @param name of its file
 * @param load on the gate
 * @param newArm what the new version does
 * @param length of a run
 * @param runs of a build, each with a seed of its own
 * @param runsInFull of the full size
 * @param expected what must hold
 */
record Row(
        String name,
        OneGate.Load load,
        NewVersion newArm,
        Duration length,
        int runs,
        int runsInFull,
        Expected expected) {
    private static final Path FOLDER = Path.of("../../chaos/experiments/virtual");
    private static final Set<String> FIELDS =
            Set.of("title", "load", "new_arm", "seconds", "runs", "full_runs", "expect");

    /**
     * A new version that is well but from {@code after} on, and then in turns of {@code on} and
     * {@code off}.
     *
     * @param late share of attempts that are answered too late, in percent
     * @param errors share of attempts that are answered with an error, in percent
     * @param off zero: it is never well again
     */
    record NewVersion(double late, double errors, Duration after, Duration on, Duration off) {
        OneGate.NewArm asArm() {
            return (now, random) -> {
                double draw = 100 * random.nextDouble();
                if (isWell(now) || draw >= late + errors) {
                    return OneGate.Ends.WELL;
                }
                return draw < late ? OneGate.Ends.LATE : OneGate.Ends.FAILED;
            };
        }

        private boolean isWell(Duration now) {
            Duration since = now.minus(after);
            return since.isNegative()
                    || (off.isPositive()
                            && since.toMillis() % on.plus(off).toMillis() >= on.toMillis());
        }
    }

    /**
     * What must hold over all runs.
     *
     * @param trips runs in which the gate is taken back, percent; from and to
     * @param changes largest number of trips in a run
     * @param within of the first affected request, no request is decided for NEW any more, in 99 %
     *     of the runs; zero: not asked
     * @param calls on NEW until the trip, in 99 % of the runs; 0: not asked
     */
    record Expected(List<Integer> trips, int changes, Duration within, int calls) {
        Expected {
            trips = List.copyOf(trips);
            if (trips.size() != 2) {
                throw new IllegalArgumentException("trips " + trips + " (expected: [from, to])");
            }
        }
    }

    /** All that there are, by their names. */
    static List<Row> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().map(Row::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row read(Path file) {
        Map<?, ?> fields = map(load(file));
        if (!fields.keySet().equals(FIELDS)) {
            throw new IllegalArgumentException(
                    file + " has " + fields.keySet() + " (expected: " + FIELDS + ")");
        }
        Map<?, ?> load = part(fields, "load");
        Map<?, ?> arm = part(fields, "new_arm");
        Map<?, ?> expect = part(fields, "expect");
        return new Row(
                String.valueOf(file.getFileName()),
                new OneGate.Load(
                        (int) (number(load, "share") * 10_000),
                        (int) number(load, "per_second"),
                        (int) number(load, "users"),
                        Duration.ofMillis((long) number(load, "per_try_ms"))),
                new NewVersion(
                        number(arm, "late"),
                        number(arm, "errors"),
                        seconds(arm, "after_s"),
                        seconds(arm, "on_s"),
                        seconds(arm, "off_s")),
                seconds(fields, "seconds"),
                (int) number(fields, "runs"),
                (int) number(fields, "full_runs"),
                new Expected(
                        range(expect, "trips"),
                        (int) number(expect, "changes"),
                        seconds(expect, "within_s"),
                        (int) number(expect, "calls")));
    }

    private static Object load(Path file) {
        try {
            return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<?, ?> map(Object value) {
        return (Map<?, ?>) value;
    }

    private static Map<?, ?> part(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Map<?, ?> part ? part : Map.of();
    }

    private static List<Integer> range(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof List<?> ends && ends.size() == 2
                ? ends.stream().map(end -> (Integer) end).toList()
                : List.of();
    }

    private static double number(Map<?, ?> fields, String name) {
        if (fields.get(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(
                name + " is " + fields.get(name) + " (expected: a number)");
    }

    private static Duration seconds(Map<?, ?> fields, String name) {
        return Duration.ofMillis((long) (1_000 * number(fields, name)));
    }

    @Override
    public String toString() {
        return name;
    }
}
