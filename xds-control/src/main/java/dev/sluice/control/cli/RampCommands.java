package dev.sluice.control.cli;

import dev.sluice.admin.v1.AbortRampRequest;
import dev.sluice.admin.v1.AdvanceRampRequest;
import dev.sluice.admin.v1.PauseRampRequest;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.admin.v1.RampServiceGrpc.RampServiceBlockingStub;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.ResumeRampRequest;
import dev.sluice.admin.v1.WatchRampRequest;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is done with ramps beside the standard methods. For one run. */
@Command(
        name = "ramp",
        description = "Ramps: plans of shares that advance on evidence and go back when it is bad.")
final class RampCommands {
    private static final Ramps RAMPS = new Ramps();

    private final Session session;

    RampCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Holds at the present share until resumed.")
    int pause(@Parameters(paramLabel = "NAME") String name, @Mixin ReasonOption reason) {
        return show(
                stub().pauseRamp(
                                PauseRampRequest.newBuilder()
                                        .setName(Ramps.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(requestId())
                                        .build()));
    }

    @Command(description = "Goes on after a pause.")
    int resume(@Parameters(paramLabel = "NAME") String name, @Mixin ReasonOption reason) {
        return show(
                stub().resumeRamp(
                                ResumeRampRequest.newBuilder()
                                        .setName(Ramps.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(requestId())
                                        .build()));
    }

    @Command(description = "Goes on to the next step by your decision.")
    int advance(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--etag",
                            paramLabel = "ETAG",
                            defaultValue = "",
                            description = "Only if this is still its etag. Default: read first")
                    String etag,
            @Mixin ReasonOption reason) {
        String ramp = Ramps.SHAPE.expand(name);
        return show(
                stub().advanceRamp(
                                AdvanceRampRequest.newBuilder()
                                        .setName(ramp)
                                        .setEtag(
                                                etag.isEmpty()
                                                        ? RAMPS.get(session.channel(), ramp)
                                                                .getEtag()
                                                        : etag)
                                        .setReason(reason.text)
                                        .setRequestId(requestId())
                                        .build()));
    }

    @Command(description = "Takes the share back to 0%% and ends the ramp.")
    int abort(@Parameters(paramLabel = "NAME") String name, @Mixin RequiredReasonOption reason) {
        return show(
                stub().abortRamp(
                                AbortRampRequest.newBuilder()
                                        .setName(Ramps.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(requestId())
                                        .build()));
    }

    @Command(
            description = {
                "Prints a ramp as it is, then every change, until it ends.",
                "Exits 0 when it succeeded and 1 when it was rolled back."
            })
    int watch(@Parameters(paramLabel = "NAME") String name) {
        Iterator<Ramp> states =
                stub().watchRamp(
                                WatchRampRequest.newBuilder()
                                        .setName(Ramps.SHAPE.expand(name))
                                        .build());
        RampState last = RampState.RAMP_STATE_UNSPECIFIED;
        while (states.hasNext()) {
            Ramp ramp = states.next();
            session.printer().event(ramp, line(ramp));
            last = ramp.getState();
        }
        return last == RampState.ROLLED_BACK ? ExitCode.REFUSED.number() : ExitCode.OK.number();
    }

    private static String line(Ramp ramp) {
        return "%s %s step %s %s%s"
                .formatted(
                        ramp.getName(),
                        ramp.getState(),
                        Ramps.step(ramp),
                        Ramps.verdict(ramp),
                        ramp.getStatusMessage().isEmpty() ? "" : ": " + ramp.getStatusMessage());
    }

    private String requestId() {
        return session.surroundings().requestIds().get().toString();
    }

    private int show(Ramp ramp) {
        session.printer().one(ramp, RAMPS.columns(session.words()));
        return ExitCode.OK.number();
    }

    private RampServiceBlockingStub stub() {
        return RampServiceGrpc.newBlockingStub(session.channel());
    }
}
