package dev.sluice.control.cli.resource;

import dev.sluice.admin.v1.CreateRampRequest;
import dev.sluice.admin.v1.GetRampRequest;
import dev.sluice.admin.v1.ListRampsRequest;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;

/** Ramps. Immutable. */
public final class Ramps implements Created<Ramp> {
    public static final Shape SHAPE = new Shape(List.of("ramps"));

    @Override
    public String noun() {
        return "ramp";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public Ramp prototype() {
        return Ramp.getDefaultInstance();
    }

    @Override
    public List<Column<Ramp>> columns(Words words) {
        return List.of(
                new Column<>("NAME", ramp -> SHAPE.brief(ramp.getName())),
                new Column<>("TARGET", Ramp::getTarget),
                new Column<>("STATE", ramp -> ramp.getState().name()),
                new Column<>("STEP", Ramps::step),
                new Column<>("VERDICT", Ramps::verdict),
                new Column<>("A/A", Ramps::selfCheck),
                new Column<>("WHY", ramp -> Words.orDash(ramp.getStatusMessage())));
    }

    /** Which step of how many, and its share: {@code 3/6 (25%)}. */
    public static String step(Ramp ramp) {
        int step = ramp.getCurrentStep();
        return step < ramp.getStepsCount()
                ? "%d/%d (%s)"
                        .formatted(
                                step + 1,
                                ramp.getStepsCount(),
                                Share.text(ramp.getSteps(step).getSharePpm()))
                : "-";
    }

    /**
     * The newest verdict and what it stands on, by arm: {@code UNDECIDED (legacy 0/900, new 2/100
     * …)}.
     */
    public static String verdict(Ramp ramp) {
        if (!ramp.hasVerdict()) {
            return "-";
        }
        var verdict = ramp.getVerdict();
        return "%s (legacy %d/%d, new %d/%d keys in error)"
                .formatted(
                        verdict.getOutcome(),
                        verdict.getLegacy().getErrorKeys(),
                        verdict.getLegacy().getKeys(),
                        verdict.getNew().getErrorKeys(),
                        verdict.getNew().getKeys());
    }

    /** Alarms of the judge between two parts of legacy: {@code 0/32}. */
    private static String selfCheck(Ramp ramp) {
        return ramp.getSelfCheckTrials() == 0
                ? "-"
                : ramp.getSelfCheckAlarms() + "/" + ramp.getSelfCheckTrials();
    }

    @Override
    public Ramp get(Channel channel, String name) {
        return RampServiceGrpc.newBlockingStub(channel)
                .getRamp(GetRampRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Ramp> list(Channel channel, String parent, String pageToken) {
        var page =
                RampServiceGrpc.newBlockingStub(channel)
                        .listRamps(ListRampsRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getRampsList(), page.getNextPageToken());
    }

    @Override
    public Ramp create(Channel channel, Ramp ramp, Change change) {
        return RampServiceGrpc.newBlockingStub(channel)
                .createRamp(
                        CreateRampRequest.newBuilder()
                                .setRampId(Shape.id(ramp.getName()))
                                .setRamp(ramp)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }
}
