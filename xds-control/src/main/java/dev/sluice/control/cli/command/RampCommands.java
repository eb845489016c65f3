package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.AbortRampRequest;
import dev.sluice.admin.v1.AdvanceRampRequest;
import dev.sluice.admin.v1.PauseRampRequest;
import dev.sluice.admin.v1.PlanRampRequest;
import dev.sluice.admin.v1.PlanRampResponse;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.admin.v1.RampServiceGrpc.RampServiceBlockingStub;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.ResumeRampRequest;
import dev.sluice.admin.v1.WatchRampRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.resource.Baselines;
import dev.sluice.control.cli.resource.Ramps;
import dev.sluice.control.cli.resource.ResourceFile;
import dev.sluice.control.cli.resource.Share;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ChangeOptions;
import dev.sluice.control.cli.session.EtagOption;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.ReasonOption;
import dev.sluice.control.cli.session.RequiredReasonOption;
import dev.sluice.control.cli.session.Rewatch;
import dev.sluice.control.cli.session.Session;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is done with ramps beside the standard methods. For one run. */
@Command(
        name = "ramp",
        description = "Ramps: plans of shares that advance on evidence and go back when it is bad.")
public final class RampCommands {
    private static final Ramps RAMPS = new Ramps();
    private static final List<Column<PlanRampResponse.Step>> PLAN =
            List.of(
                    new Column<>("SHARE", step -> Share.text(step.getSharePpm())),
                    new Column<>("MARGIN", step -> "%.3f points".formatted(step.getMargin() * 100)),
                    new Column<>(
                            "KEYS",
                            step ->
                                    step.hasKeys()
                                            ? Long.toString(step.getKeys())
                                            : "out of reach: let it end by APPROVED"),
                    new Column<>(
                            "ON NEW",
                            step -> step.hasNewKeys() ? Long.toString(step.getNewKeys()) : "-"));

    private final Session session;

    public RampCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Holds at the present share until resumed.")
    int pause(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin ReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        return show(
                stub().pauseRamp(
                                PauseRampRequest.newBuilder()
                                        .setName(Ramps.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Goes on after a pause.")
    int resume(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin ReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        return show(
                stub().resumeRamp(
                                ResumeRampRequest.newBuilder()
                                        .setName(Ramps.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Goes on to the next step by your decision.")
    int advance(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin EtagOption etag,
            @Mixin ReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        String ramp = Ramps.SHAPE.expand(name);
        return show(
                stub().advanceRamp(
                                AdvanceRampRequest.newBuilder()
                                        .setName(ramp)
                                        .setEtag(
                                                etag.or(() ->
                                                        RAMPS.get(session.channel(), ramp)
                                                                .getEtag()))
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Takes the share back to 0%% and ends the ramp.")
    int abort(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin RequiredReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        return show(
                stub().abortRamp(
                                AbortRampRequest.newBuilder()
                                        .setName(Ramps.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(
            description = {
                "Prints a ramp as it is, then every change, until it ends, also where the connection",
                "breaks meanwhile.",
                "Exits 0 when it succeeded and 1 when it was rolled back."
            })
    int watch(@Parameters(paramLabel = "NAME") String name) {
        var request = WatchRampRequest.newBuilder().setName(Ramps.SHAPE.expand(name)).build();
        return new Rewatch(session)
                .states(
                        channel -> RampServiceGrpc.newBlockingStub(channel).watchRamp(request),
                        ramp -> session.printer().event(ramp, line(ramp)))
                .filter(last -> last.getState() == RampState.ROLLED_BACK)
                .map(_ -> ExitCode.REFUSED.number())
                .orElse(ExitCode.OK.number());
    }

    @Command(
            description = {
                "Prints how many keys each step of a ramp in a file needs for the verdict",
                "NON_INFERIOR when the versions are alike, and what 100%% is judged against where",
                "its judge names a baseline. Starts nothing."
            })
    int plan(
            @Option(
                            names = {"-f", "--file"},
                            paramLabel = "FILE",
                            required = true,
                            description = "File with the ramp; - for standard input")
                    String file,
            @Option(
                            names = "--error-rate",
                            paramLabel = "PERCENT",
                            defaultValue = "0.1%",
                            description = "Keys that err during a step. Default: 0.1%%")
                    Share errorRate) {
        ResourceFile read = ResourceFile.read(file, session.surroundings());
        PlanRampResponse plan =
                stub().planRamp(
                                PlanRampRequest.newBuilder()
                                        .setRamp(read.message(read.only(), RAMPS.prototype()))
                                        .setErrorRatePpm(errorRate.ppm())
                                        .build());
        session.printer().many(plan.getStepsList(), PLAN);
        if (plan.hasBaseline()) {
            session.printer()
                    .remark("100% is judged against " + Baselines.line(plan.getBaseline()));
        }
        plan.getUnfitList().forEach(session.printer()::remark);
        return ExitCode.OK.number();
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

    private int show(Ramp ramp) {
        session.printer().one(ramp, RAMPS.columns(session.words()));
        return ExitCode.OK.number();
    }

    private RampServiceBlockingStub stub() {
        return RampServiceGrpc.newBlockingStub(session.channel());
    }
}
