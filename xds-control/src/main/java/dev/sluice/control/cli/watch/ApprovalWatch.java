package dev.sluice.control.cli.watch;

import dev.sluice.admin.v1.ApprovalChange;
import dev.sluice.admin.v1.ApprovalServiceGrpc;
import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.PendingApproval;
import dev.sluice.admin.v1.WatchApprovalsRequest;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Rewatch;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Told;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Prints what waits for people to say, then every change. For one run. */
@Command(
        name = "watch",
        description =
                "Prints which migrations wait for whose word, then every change, until it is"
                        + " stopped, also where the connection breaks meanwhile.")
public final class ApprovalWatch implements Callable<Integer> {
    private final Session session;
    private final Told<PendingApproval> told = new Told<>();

    public ApprovalWatch(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        new Rewatch(session, told::again)
                .run(
                        channel ->
                                ApprovalServiceGrpc.newBlockingStub(channel)
                                        .watchApprovals(WatchApprovalsRequest.getDefaultInstance()),
                        change -> {
                            print(change);
                            return true;
                        });
        return ExitCode.OK.number();
    }

    private void print(ApprovalChange change) {
        switch (change.getChangeCase()) {
            case PENDING -> {
                if (told.isNews(change.getPending().getMigration(), change.getPending())) {
                    event(change);
                }
            }
            case SETTLED -> {
                if (told.isGone(change.getSettled())) {
                    event(change);
                }
            }
            case IN_SYNC -> {
                told.gone()
                        .forEach(name ->
                                event(ApprovalChange.newBuilder().setSettled(name).build()));
                if (told.isInSync()) {
                    event(change);
                }
            }
            case CHANGE_NOT_SET -> event(change);
        }
    }

    private void event(ApprovalChange change) {
        session.printer().event(change, line(change));
    }

    private String line(ApprovalChange change) {
        return switch (change.getChangeCase()) {
            case PENDING -> line(change.getPending());
            case SETTLED -> change.getSettled() + " waits for nobody any more";
            case IN_SYNC -> "-- now watching changes";
            case CHANGE_NOT_SET -> "-- a change that this version does not know";
        };
    }

    private String line(PendingApproval pending) {
        return "%s of %s, risk %s, in %s since %s, %d answers, waits for %s"
                .formatted(
                        pending.getMigration(),
                        Words.orDash(pending.getOwner()),
                        pending.getRisk(),
                        pending.getPhase(),
                        session.words().age(pending.getSince()),
                        pending.getAnswersCount(),
                        pending.getMissingList().stream()
                                .map(Blocker::getExpected)
                                .collect(Collectors.joining("; ")));
    }
}
