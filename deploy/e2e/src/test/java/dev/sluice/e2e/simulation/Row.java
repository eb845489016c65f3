package dev.sluice.e2e.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A row of the catalogue that runs one gate in virtual time, as its file says. Immutable.
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
        return RowFile.with("load").stream().map(Row::read).toList();
    }

    private static Row read(RowFile file) {
        RowFile.Part fields = file.fields();
        fields.expect(FIELDS);
        RowFile.Part load = fields.part("load");
        RowFile.Part arm = fields.part("new_arm");
        RowFile.Part expect = fields.part("expect");
        return new Row(
                file.name(),
                new OneGate.Load(
                        (int) (load.number("share") * 10_000),
                        (int) load.number("per_second"),
                        (int) load.number("users"),
                        Duration.ofMillis((long) load.number("per_try_ms"))),
                new NewVersion(
                        arm.number("late"),
                        arm.number("errors"),
                        arm.seconds("after_s"),
                        arm.seconds("on_s"),
                        arm.seconds("off_s")),
                fields.seconds("seconds"),
                (int) fields.number("runs"),
                (int) fields.number("full_runs"),
                new Expected(
                        expect.range("trips"),
                        (int) expect.number("changes"),
                        expect.seconds("within_s"),
                        (int) expect.number("calls")));
    }

    @Override
    public String toString() {
        return name;
    }
}
