package dev.sluice.control.cli.watch;

import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.WatchGatesRequest;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.Gates;
import dev.sluice.control.cli.resource.Share;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Rewatch;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Told;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints gates as they are and then every change, until it is stopped. For one run. */
@Command(
        name = "watch",
        description = {
            "Prints gates as they are, then every change of content or rollout, also where the",
            "connection breaks meanwhile."
        })
public final class GateWatch implements Callable<Integer> {
    private final Session session;
    private final Told<Gate> told = new Told<>();
    private final Pending pending = new Pending();

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Default: all gates")
    private List<String> names = List.of();

    @Option(
            names = "--until-applied",
            description = {
                "Ends when every live node of each gate has applied its revision, and its",
                "writes are where its share is"
            })
    private boolean untilApplied;

    public GateWatch(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var request =
                WatchGatesRequest.newBuilder()
                        .addAllNames(names.stream().map(Gates.SHAPE::expand).toList())
                        .build();
        new Rewatch(session, told::again)
                .run(
                        channel -> GateServiceGrpc.newBlockingStub(channel).watchGates(request),
                        change -> {
                            print(change);
                            return !(untilApplied && pending.none());
                        });
        return ExitCode.OK.number();
    }

    private void print(GateChange change) {
        switch (change.getChangeCase()) {
            case GATE -> {
                if (told.isNews(change.getGate().getName(), change.getGate())) {
                    event(change);
                }
            }
            case DELETED -> {
                if (told.isGone(change.getDeleted())) {
                    event(change);
                }
            }
            case IN_SYNC -> {
                told.gone()
                        .forEach(name -> event(GateChange.newBuilder().setDeleted(name).build()));
                if (told.isInSync()) {
                    event(change);
                }
            }
            case CHANGE_NOT_SET -> event(change);
        }
    }

    private void event(GateChange change) {
        session.printer().event(change, line(change));
        pending.see(change);
    }

    /** Gates that some live node has yet to apply, or whose writes are on their way. */
    private static final class Pending {
        private final java.util.Set<String> waiting = new java.util.HashSet<>();
        private boolean inSync;

        void see(GateChange change) {
            switch (change.getChangeCase()) {
                case GATE -> {
                    var rollout = change.getGate().getRollout();
                    if (rollout.getApplied() < rollout.getNodes()
                            || !change.getGate().getWritesMoving().isEmpty()) {
                        waiting.add(change.getGate().getName());
                    } else {
                        waiting.remove(change.getGate().getName());
                    }
                }
                case DELETED -> waiting.remove(change.getDeleted());
                case IN_SYNC -> inSync = true;
                case CHANGE_NOT_SET -> {}
            }
        }

        boolean none() {
            return inSync && waiting.isEmpty();
        }
    }

    private static String line(GateChange change) {
        return switch (change.getChangeCase()) {
            case GATE -> line(change.getGate());
            case DELETED -> change.getDeleted() + " deleted";
            case IN_SYNC -> "-- now watching changes";
            case CHANGE_NOT_SET -> "-- a change that this version does not know";
        };
    }

    private static String line(Gate gate) {
        var rollout = gate.getRollout();
        String time =
                rollout.hasTimeToApplied()
                        ? " in " + Words.duration(rollout.getTimeToApplied())
                        : "";
        String writes = gate.getWritesMoving().isEmpty() ? "" : ", " + gate.getWritesMoving();
        return "%s %s%s revision %s applied %d/%d%s%s"
                .formatted(
                        gate.getName(),
                        Share.text(gate.getSharePpm()),
                        gate.hasKill() ? " KILLED" : "",
                        Words.revision(gate.getRevision()),
                        rollout.getApplied(),
                        rollout.getNodes(),
                        time,
                        writes);
    }
}
