package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.RingPlan;
import dev.sluice.admin.v1.RingPlanServiceGrpc;
import dev.sluice.admin.v1.WatchRingPlanRequest;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Rewatch;
import dev.sluice.control.cli.session.Session;
import java.util.stream.Collectors;

/**
 * Prints a rollout as it is, then what changes of it, until it is on its way no more. For one run.
 */
final class RolloutWatch {
    private final Session session;
    private RingPlan.Rollout printed = RingPlan.Rollout.getDefaultInstance();

    RolloutWatch(Session session) {
        this.session = session;
    }

    /** Exit code of the last that was printed. */
    int run(String plan) {
        var request = WatchRingPlanRequest.newBuilder().setName(plan).build();
        new Rewatch(session)
                .run(
                        channel ->
                                RingPlanServiceGrpc.newBlockingStub(channel).watchRingPlan(request),
                        this::print);
        return exitCode(printed);
    }

    /** Whether it is on its way. */
    private boolean print(RingPlan plan) {
        if (!plan.getRollout().equals(printed)) {
            session.printer().event(plan, line(plan.getRollout()));
            printed = plan.getRollout();
        }
        return printed.getState() == RingPlan.Rollout.State.ROLLING;
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
}
