package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.RingPlan;
import dev.sluice.control.cli.output.Printer;
import dev.sluice.control.cli.session.ExitCode;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Prints a rollout as it is, then what changes of it, until it is on its way no more. It asks again
 * every second, which is often for what takes minutes. For one run.
 */
final class RolloutWatch {
    private static final long PAUSE_SECONDS = 1;

    private final Supplier<RingPlan> now;
    private final Printer printer;
    private final BooleanSupplier pause;

    /**
     * @param now asks for the plan and how far its rollout has come
     */
    RolloutWatch(Supplier<RingPlan> now, Printer printer) {
        this(now, printer, RolloutWatch::pause);
    }

    /**
     * @param pause waits a while; false: it is to end
     */
    RolloutWatch(Supplier<RingPlan> now, Printer printer, BooleanSupplier pause) {
        this.now = now;
        this.printer = printer;
        this.pause = pause;
    }

    /** Exit code of the last that was printed. */
    int run() {
        RingPlan.Rollout printed = RingPlan.Rollout.getDefaultInstance();
        do {
            RingPlan plan = now.get();
            if (!plan.getRollout().equals(printed)) {
                printer.event(plan, line(plan.getRollout()));
                printed = plan.getRollout();
            }
        } while (printed.getState() == RingPlan.Rollout.State.ROLLING && pause.getAsBoolean());
        return exitCode(printed);
    }

    /** 1 for a rollout that was stopped. */
    static int exitCode(RingPlan.Rollout rollout) {
        return switch (rollout.getState()) {
            case HALTED, ABORTED -> ExitCode.REFUSED.number();
            case COMPLETE, ROLLING, STATE_UNSPECIFIED, UNRECOGNIZED -> ExitCode.OK.number();
        };
    }

    private static String line(RingPlan.Rollout rollout) {
        String rings =
                rollout.getRingsList().stream()
                        .map(ring -> ring.getId() + " " + place(ring, rollout))
                        .collect(Collectors.joining(", "));
        return "%s: %s; %s".formatted(rollout.getState(), rollout.getMessage(), rings);
    }

    private static String place(RingPlan.RingState ring, RingPlan.Rollout rollout) {
        return ring.getRevision() == rollout.getRevision()
                ? ring.getNodes() - ring.getWaiting() + "/" + ring.getNodes()
                : "behind";
    }

    private static boolean pause() {
        try {
            TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
