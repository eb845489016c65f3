package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.GateSet;
import dev.sluice.admin.v1.GateSetServiceGrpc;
import dev.sluice.admin.v1.GateSetServiceGrpc.GateSetServiceBlockingStub;
import dev.sluice.admin.v1.KillGateSetRequest;
import dev.sluice.admin.v1.ResumeGateSetRequest;
import dev.sluice.admin.v1.RollbackGateSetRequest;
import dev.sluice.admin.v1.SetSetShareRequest;
import dev.sluice.control.cli.resource.GateSets;
import dev.sluice.control.cli.resource.Share;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ChangeOptions;
import dev.sluice.control.cli.session.EtagOption;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.ReasonOption;
import dev.sluice.control.cli.session.RequiredReasonOption;
import dev.sluice.control.cli.session.Session;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is done with gate sets beside the standard methods. For one run. */
@Command(name = "gateset", description = "Gate sets: gates of several services that move together.")
public final class GateSetCommands {
    private static final GateSets SETS = new GateSets();

    private final Session session;

    public GateSetCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Sets the share of every gate of the set, such as 25%% or 250000ppm.")
    int set(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "SHARE") Share share,
            @Mixin EtagOption etag,
            @Mixin ReasonOption reason,
            @Mixin ChangeOptions options) {
        String set = GateSets.SHAPE.expand(name);
        Change change = session.change(options);
        return show(
                stub().setSetShare(
                                SetSetShareRequest.newBuilder()
                                        .setName(set)
                                        .setSharePpm(share.ppm())
                                        .setEtag(
                                                etag.or(() ->
                                                        SETS.get(session.channel(), set).getEtag()))
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Takes the share of every gate back to 0%% and stops a ramp of the set.")
    int rollback(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin RequiredReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        return show(
                stub().rollbackGateSet(
                                RollbackGateSetRequest.newBuilder()
                                        .setName(GateSets.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Takes every key of every gate back at once, until resume.")
    int kill(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin RequiredReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        return show(
                stub().killGateSet(
                                KillGateSetRequest.newBuilder()
                                        .setName(GateSets.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Ends the kill of every gate and acknowledges trips.")
    int resume(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--trip",
                            paramLabel = "ID",
                            description = "A trip to acknowledge; repeatable")
                    List<String> trips,
            @Mixin ReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        return show(
                stub().resumeGateSet(
                                ResumeGateSetRequest.newBuilder()
                                        .setName(GateSets.SHAPE.expand(name))
                                        .addAllAcknowledgedTrips(trips == null ? List.of() : trips)
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    private int show(GateSet set) {
        session.printer().one(set, SETS.columns(session.words()));
        return ExitCode.OK.number();
    }

    private GateSetServiceBlockingStub stub() {
        return GateSetServiceGrpc.newBlockingStub(session.channel());
    }
}
