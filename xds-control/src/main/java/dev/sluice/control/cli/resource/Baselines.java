package dev.sluice.control.cli.resource;

import com.google.protobuf.util.Timestamps;
import dev.sluice.admin.v1.Baseline;
import dev.sluice.admin.v1.BaselineServiceGrpc;
import dev.sluice.admin.v1.BaselineServiceGrpc.BaselineServiceBlockingStub;
import dev.sluice.admin.v1.GetBaselineRequest;
import dev.sluice.admin.v1.ListBaselinesRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import io.grpc.Channel;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Baselines. Immutable. */
public final class Baselines implements Listed<Baseline> {
    public static final Shape SHAPE = new Shape(List.of("baselines"));

    private static final int P99 = 990_000;

    @Override
    public String noun() {
        return "baseline";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public List<Column<Baseline>> columns(Words words) {
        return List.of(
                new Column<>("NAME", baseline -> SHAPE.brief(baseline.getName())),
                new Column<>("TARGET", Baseline::getTarget),
                new Column<>("RECORDED", Baselines::recorded),
                new Column<>("KEYS", each(counts -> Long.toString(counts.getKeys()))),
                new Column<>("REQUESTS", each(counts -> Long.toString(counts.getRequests()))),
                new Column<>("ERRORS", each(Baselines::errors)),
                new Column<>("P99", each(Baselines::p99)),
                new Column<>("FIT FOR 100%", Baselines::fit));
    }

    /** When and by whom. */
    private static String recorded(Baseline baseline) {
        return Timestamps.toString(baseline.getRecordTime()) + " by " + baseline.getRecorder();
    }

    /** One of them in one line. */
    public static String line(Baseline baseline) {
        return "%s, recorded %s: keys %s, errors %s, p99 %s"
                .formatted(
                        baseline.getName(),
                        recorded(baseline),
                        each(counts -> Long.toString(counts.getKeys())).apply(baseline),
                        each(Baselines::errors).apply(baseline),
                        each(Baselines::p99).apply(baseline));
    }

    private static String fit(Baseline baseline) {
        return baseline.getUnfitCount() == 0
                ? "yes"
                : "no: " + String.join("; ", baseline.getUnfitList());
    }

    /** Of each gate what has more requests: those that it decided, or those carried to it. */
    private static Function<Baseline, String> each(Function<Baseline.Counts, String> text) {
        return baseline ->
                baseline.getGatesList().stream()
                        .map(gate ->
                                gate.getOwn().getRequests() >= gate.getCarried().getRequests()
                                        ? gate.getOwn()
                                        : gate.getCarried())
                        .map(text)
                        .collect(Collectors.joining(", "));
    }

    private static String errors(Baseline.Counts counts) {
        long errors = counts.getServerErrors() + counts.getResets() + counts.getTimeouts();
        return counts.getRequests() == 0
                ? "-"
                : String.format(
                        Locale.ROOT, "%.3f%%", 100.0 * errors / (double) counts.getRequests());
    }

    private static String p99(Baseline.Counts counts) {
        return counts.getLatencyList().stream()
                .filter(quantile -> quantile.getPpm() == P99)
                .map(quantile ->
                        String.format(Locale.ROOT, "%.1f ms", quantile.getMicros() / 1_000.0))
                .findFirst()
                .orElse("-");
    }

    @Override
    public Baseline get(Channel channel, String name) {
        return stub(channel).getBaseline(GetBaselineRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Baseline> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listBaselines(
                                ListBaselinesRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getBaselinesList(), page.getNextPageToken());
    }

    public static BaselineServiceBlockingStub stub(Channel channel) {
        return BaselineServiceGrpc.newBlockingStub(channel);
    }
}
