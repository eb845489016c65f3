package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateSinkRequest;
import dev.sluice.admin.v1.DeleteSinkRequest;
import dev.sluice.admin.v1.GetSinkRequest;
import dev.sluice.admin.v1.ListSinksRequest;
import dev.sluice.admin.v1.Sink;
import dev.sluice.admin.v1.SinkServiceGrpc;
import dev.sluice.admin.v1.SinkServiceGrpc.SinkServiceBlockingStub;
import dev.sluice.admin.v1.UpdateSinkRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;

/** Sinks. Immutable. */
public final class Sinks implements Kind<Sink> {
    public static final Shape SHAPE = new Shape(List.of("sinks"));

    @Override
    public String noun() {
        return "sink";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public Sink prototype() {
        return Sink.getDefaultInstance();
    }

    @Override
    public List<Column<Sink>> columns(Words words) {
        return List.of(
                new Column<>("NAME", sink -> SHAPE.brief(sink.getName())),
                new Column<>("TO", Sinks::destination),
                new Column<>("SEVERITY", sink -> sink.getSelector().getSeverity().name()),
                new Column<>("SENT", sink -> Long.toString(sink.getStatus().getSent())),
                new Column<>("WAITING", sink -> Integer.toString(sink.getStatus().getWaiting())),
                new Column<>("DROPPED", sink -> Long.toString(sink.getStatus().getDropped())),
                new Column<>(
                        "LAST FAILURE", sink -> Words.orDash(sink.getStatus().getLastFailure())));
    }

    private static String destination(Sink sink) {
        return switch (sink.getDestinationCase()) {
            case WEBHOOK -> sink.getWebhook().getUrl();
            case SLACK -> "slack: secret " + sink.getSlack().getUrlSecret();
            case MAIL -> "mail: " + String.join(", ", sink.getMail().getToList());
            case DESTINATION_NOT_SET -> "-";
        };
    }

    @Override
    public Sink get(Channel channel, String name) {
        return stub(channel).getSink(GetSinkRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Sink> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listSinks(ListSinksRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getSinksList(), page.getNextPageToken());
    }

    @Override
    public Sink create(Channel channel, Sink sink, Change change) {
        return stub(channel)
                .createSink(
                        CreateSinkRequest.newBuilder()
                                .setSinkId(Shape.id(sink.getName()))
                                .setSink(sink)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Sink update(Channel channel, Sink sink, FieldMask mask, Change change) {
        var request =
                UpdateSinkRequest.newBuilder()
                        .setSink(sink)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateSink(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteSink(
                                DeleteSinkRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    public static SinkServiceBlockingStub stub(Channel channel) {
        return SinkServiceGrpc.newBlockingStub(channel);
    }
}
