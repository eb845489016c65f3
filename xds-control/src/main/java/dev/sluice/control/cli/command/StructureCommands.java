package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.AbortRolloutRequest;
import dev.sluice.admin.v1.ListRingPlansRequest;
import dev.sluice.admin.v1.ResumeRolloutRequest;
import dev.sluice.admin.v1.RingPlan;
import dev.sluice.admin.v1.RingPlanServiceGrpc.RingPlanServiceBlockingStub;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.RingPlans;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ChangeOptions;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.RequiredReasonOption;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Trouble;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is done with structure on its way through the rings. For one run. */
@Command(
        name = "structure",
        description = "Structure on its way through the rings of nodes (see ring-plan).")
public final class StructureCommands {
    private final Session session;

    public StructureCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Prints how far the newest structure has come, ring by ring, and who holds it up.",
                "Exits 1 when it is halted or aborted."
            })
    int rollout(
            @Option(
                            names = "--watch",
                            description =
                                    "Prints a line for each change, until it is in every ring or"
                                            + " stopped, also where the connection breaks")
                    boolean watch) {
        return watch ? new RolloutWatch(session).run(plan().getName()) : show(plan());
    }

    @Command(
            description =
                    "Goes on with a rollout that is halted, and sends again what nodes refused.")
    int resume(@Mixin RequiredReasonOption reason, @Mixin ChangeOptions options) {
        Change change = session.change(options);
        show(
                stub().resumeRollout(
                                ResumeRolloutRequest.newBuilder()
                                        .setName(plan().getName())
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
        return ExitCode.OK.number();
    }

    @Command(description = "Gives every ring back what all of them had last.")
    int abort(@Mixin RequiredReasonOption reason, @Mixin ChangeOptions options) {
        Change change = session.change(options);
        show(
                stub().abortRollout(
                                AbortRolloutRequest.newBuilder()
                                        .setName(plan().getName())
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
        return ExitCode.OK.number();
    }

    /** There is one at most. */
    private RingPlan plan() {
        return stub()
                .listRingPlans(ListRingPlansRequest.getDefaultInstance())
                .getRingPlansList()
                .stream()
                .findFirst()
                .orElseThrow(() ->
                        new Trouble(
                                ExitCode.NOT_FOUND,
                                "ringPlans",
                                "none: structure goes to all nodes at once",
                                "a plan of rings",
                                "sluice ring-plan create -f FILE, to have rings"));
    }

    private int show(RingPlan plan) {
        session.printer().answer(plan, lines(plan.getRollout()));
        return RolloutWatch.exitCode(plan.getRollout());
    }

    private List<String> lines(RingPlan.Rollout rollout) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s since %s: %s (revision %d)"
                        .formatted(
                                rollout.getState(),
                                session.words().age(rollout.getStateTime()),
                                rollout.getMessage(),
                                rollout.getRevision()));
        rollout.getTroublesList().forEach(trouble -> lines.add("  stopped by " + line(trouble)));
        for (RingPlan.RingState ring : rollout.getRingsList()) {
            lines.add(
                    "%s: revision %d%s, %d nodes, %d waiting"
                            .formatted(
                                    ring.getId(),
                                    ring.getRevision(),
                                    ring.getRevision() == rollout.getRevision() ? "" : " (behind)",
                                    ring.getNodes(),
                                    ring.getWaiting()));
            if (ring.getWaiting() > 0) {
                lines.add("  waiting for " + Words.joined(ring.getWaitingNodesList()));
            }
            ring.getRefusalsList().forEach(trouble -> lines.add("  refused by " + line(trouble)));
        }
        return lines;
    }

    private static String line(RingPlan.Trouble trouble) {
        return trouble.getNode() + ": " + trouble.getReason();
    }

    private RingPlanServiceBlockingStub stub() {
        return RingPlans.stub(session.channel());
    }
}
