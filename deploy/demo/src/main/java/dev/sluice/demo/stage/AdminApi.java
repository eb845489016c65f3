package dev.sluice.demo.stage;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.CreateGateSetRequest;
import dev.sluice.admin.v1.CreateRouteRequest;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.CreateVersionRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateSet;
import dev.sluice.admin.v1.GateSetServiceGrpc;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.RouteServiceGrpc;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.Version;
import dev.sluice.admin.v1.VersionServiceGrpc;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.gate.v1.Bucketing;
import dev.sluice.gate.v1.KeySource;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.StoreKind;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A control plane's admin API with the token of somebody who may call it, and the creations that a
 * set-up needs. Thread-safe.
 */
public final class AdminApi implements AutoCloseable {
    /** Whose value decides a user's bucket. */
    public static final String KEY_HEADER = "x-user";

    private final ManagedChannel connection;
    private final Channel channel;

    private AdminApi(ManagedChannel connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    /**
     * Connects when the first call is made.
     *
     * @param port of the admin API on 127.0.0.1
     * @param state folder of the control plane, which must have started once
     */
    public static AdminApi at(int port, Path state) throws IOException {
        return with(port, Files.readString(state.resolve("admin.token")).strip());
    }

    /**
     * Connects when the first call is made.
     *
     * @param port of the admin API on 127.0.0.1
     */
    public static AdminApi with(int port, String token) {
        Metadata metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + token);
        ManagedChannel connection =
                Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                        .build();
        return new AdminApi(
                connection,
                ClientInterceptors.intercept(
                        connection, MetadataUtils.newAttachHeadersInterceptor(metadata)));
    }

    /** Authorised, for every service of the API. */
    public Channel channel() {
        return channel;
    }

    /** Creates {@code services/ID}. */
    public void createService(String id, Service service) {
        CreateServiceRequest request =
                CreateServiceRequest.newBuilder().setServiceId(id).setService(service).build();
        Service unused = ServiceServiceGrpc.newBlockingStub(channel).createService(request);
    }

    /** Creates {@code services/SERVICE/versions/ID}. */
    public void createVersion(String service, String id, Version version) {
        CreateVersionRequest request =
                CreateVersionRequest.newBuilder()
                        .setParent("services/" + service)
                        .setVersionId(id)
                        .setVersion(version)
                        .build();
        Version unused = VersionServiceGrpc.newBlockingStub(channel).createVersion(request);
    }

    /** Creates {@code services/SERVICE/routes/ID}. */
    public void createRoute(String service, String id, Route route) {
        CreateRouteRequest request =
                CreateRouteRequest.newBuilder()
                        .setParent("services/" + service)
                        .setRouteId(id)
                        .setRoute(route)
                        .build();
        Route unused = RouteServiceGrpc.newBlockingStub(channel).createRoute(request);
    }

    /**
     * Creates {@code gates/SERVICE} between the versions {@code legacy} and {@code new} of a
     * service whose store both can use, at share 0, by the header {@link #KEY_HEADER}; users
     * without it stay on legacy.
     */
    public void createGate(String service, String salt) {
        Gate gate =
                Gate.newBuilder()
                        .setOwner("team-shop")
                        .setLegacyVersion("services/" + service + "/versions/legacy")
                        .setNewVersion("services/" + service + "/versions/new")
                        .setStoreKind(StoreKind.SHARED)
                        .setFrom(Mode.OFF)
                        .setTo(Mode.COMPLETE)
                        .setBucketing(
                                Bucketing.newBuilder()
                                        .setSalt(salt)
                                        .setKey(KeySource.newBuilder().setHeader(KEY_HEADER))
                                        .setLegacy(Empty.getDefaultInstance()))
                        .build();
        CreateGateRequest request =
                CreateGateRequest.newBuilder().setGateId(service).setGate(gate).build();
        Gate unused = GateServiceGrpc.newBlockingStub(channel).createGate(request);
    }

    /** The revision of {@code gates/ID} that is in force. */
    GateRevision revision(String id) {
        Gate gate =
                GateServiceGrpc.newBlockingStub(channel)
                        .getGate(GetGateRequest.newBuilder().setName("gates/" + id).build());
        return new GateRevision(gate.getRevision().getEpoch(), gate.getRevision().getNumber());
    }

    /** Creates {@code gateSets/ID}. */
    public void createGateSet(String id, GateSet set) {
        CreateGateSetRequest request =
                CreateGateSetRequest.newBuilder().setGateSetId(id).setGateSet(set).build();
        GateSet unused = GateSetServiceGrpc.newBlockingStub(channel).createGateSet(request);
    }

    @Override
    public void close() {
        ManagedChannel unused = connection.shutdownNow();
    }
}
