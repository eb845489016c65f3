package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Timestamps;
import dev.sluice.admin.v1.CreateVersionRequest;
import dev.sluice.admin.v1.DeleteVersionRequest;
import dev.sluice.admin.v1.GetVersionRequest;
import dev.sluice.admin.v1.ListVersionsRequest;
import dev.sluice.admin.v1.StaticEndpoints;
import dev.sluice.admin.v1.UpdateVersionRequest;
import dev.sluice.admin.v1.Version;
import dev.sluice.admin.v1.VersionServiceGrpc;
import dev.sluice.admin.v1.VersionServiceGrpc.VersionServiceBlockingStub;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;

/** Versions of services. Immutable. */
public final class Versions implements Kind<Version> {
    public static final Shape SHAPE = new Shape(List.of("services", "versions"));

    @Override
    public String noun() {
        return "version";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public Version prototype() {
        return Version.getDefaultInstance();
    }

    @Override
    public List<Column<Version>> columns(Words words) {
        return List.of(
                new Column<>("NAME", version -> SHAPE.brief(version.getName())),
                new Column<>("PROTOCOL", Versions::protocol),
                new Column<>("ENDPOINTS", Versions::endpoints),
                new Column<>("SCHEMA", Versions::schema),
                new Column<>("EXPIRES", Versions::end),
                new Column<>("UPDATED", version -> words.age(version.getUpdateTime())));
    }

    @Override
    public boolean isStale(Version version) {
        return version.getStaleCount() > 0;
    }

    /** When, and once that has come, what of it. */
    private static String end(Version version) {
        if (!version.hasExpireTime()) {
            return "-";
        }
        return version.getStaleCount() > 0
                ? String.join("; ", version.getStaleList())
                : Timestamps.toString(version.getExpireTime());
    }

    private static String protocol(Version version) {
        return switch (version.getProtocol()) {
            case PROTOCOL_UNSPECIFIED, HTTP1 -> "HTTP1";
            case HTTP2 -> "HTTP2";
            case UNRECOGNIZED -> "?";
        };
    }

    private static String endpoints(Version version) {
        return switch (version.getEndpointsCase()) {
            case STATIC -> addresses(version.getStatic());
            case EDS -> addresses(version.getEds());
            case DNS -> version.getDns().getHost() + ":" + version.getDns().getPort();
            case ENDPOINTS_NOT_SET -> "-";
        };
    }

    private static String addresses(StaticEndpoints endpoints) {
        return Words.joined(
                endpoints.getEndpointsList().stream()
                        .map(endpoint -> endpoint.getAddress() + ":" + endpoint.getPort())
                        .toList());
    }

    private static String schema(Version version) {
        var range = version.getAcceptedSchema();
        if (!version.hasAcceptedSchema()) {
            return "-";
        }
        return range.getStore()
                + " "
                + range.getMin()
                + (range.getMax().isEmpty() ? "" : ".." + range.getMax());
    }

    @Override
    public Version get(Channel channel, String name) {
        return stub(channel).getVersion(GetVersionRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Version> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listVersions(
                                ListVersionsRequest.newBuilder()
                                        .setParent(parent)
                                        .setPageToken(pageToken)
                                        .build());
        return new Listing<>(page.getVersionsList(), page.getNextPageToken());
    }

    @Override
    public Version create(Channel channel, Version version, Change change) {
        return stub(channel)
                .createVersion(
                        CreateVersionRequest.newBuilder()
                                .setParent(SHAPE.parent(version.getName()))
                                .setVersionId(Shape.id(version.getName()))
                                .setVersion(version)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Version update(Channel channel, Version version, FieldMask mask, Change change) {
        var request =
                UpdateVersionRequest.newBuilder()
                        .setVersion(version)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateVersion(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteVersion(
                                DeleteVersionRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    private static VersionServiceBlockingStub stub(Channel channel) {
        return VersionServiceGrpc.newBlockingStub(channel);
    }
}
