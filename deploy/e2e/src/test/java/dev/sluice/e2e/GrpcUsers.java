package dev.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.demo.stage.AdminApi;
import dev.sluice.testkit.grpc.GrpcMethods;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.xds.XdsNameResolverProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Users of the shop who call it by gRPC. Thread-safe. */
final class GrpcUsers implements AutoCloseable {
    private static final Metadata.Key<String> USER =
            Metadata.Key.of(AdminApi.KEY_HEADER, Metadata.ASCII_STRING_MARSHALLER);
    private static final MethodDescriptor<byte[], byte[]> ASK = GrpcMethods.bytes("shop.Shop/Ask");

    private final ManagedChannel channel;
    private final Runnable after;

    private GrpcUsers(ManagedChannel channel, Runnable after) {
        this.channel = channel;
        this.after = after;
    }

    /** Through a proxy. */
    static GrpcUsers of(String address, int port) {
        return new GrpcUsers(open(address + ":" + port), () -> {});
    }

    /**
     * A gRPC client that is a node of the control plane itself, of the service {@code edge}.
     *
     * @param node id
     */
    static GrpcUsers withoutProxy(String node, int xdsPort) {
        String scheme = "xds-" + node;
        NameResolverProvider resolver =
                XdsNameResolverProvider.createForTest(scheme, bootstrap(node, xdsPort));
        NameResolverRegistry registry = NameResolverRegistry.getDefaultRegistry();
        registry.register(resolver);
        return new GrpcUsers(
                open(scheme + ":///outbound/shop"), () -> registry.deregister(resolver));
    }

    private static Map<String, ?> bootstrap(String node, int xdsPort) {
        return Map.of(
                "xds_servers",
                List.of(
                        Map.of(
                                "server_uri",
                                "127.0.0.1:" + xdsPort,
                                "channel_creds",
                                List.of(Map.of("type", "insecure")),
                                "server_features",
                                List.of("xds_v3"))),
                "node",
                Map.of("id", node, "cluster", "edge"));
    }

    private static ManagedChannel open(String target) {
        return Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()).build();
    }

    /** Who answers a user, else the status. */
    String ask(int user) {
        Metadata metadata = new Metadata();
        metadata.put(USER, Integer.toString(user));
        try {
            byte[] answer =
                    ClientCalls.blockingUnaryCall(
                            ClientInterceptors.intercept(
                                    channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
                            ASK,
                            CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                            new byte[0]);
            return new String(answer, UTF_8);
        } catch (StatusRuntimeException e) {
            return e.getStatus().toString();
        }
    }

    /** How many of 200 users each version answers. */
    Map<String, Integer> tally() {
        return Caller.tally(this::ask);
    }

    /** Asks until the answers are as wanted, for half a minute at most; returns the last. */
    Map<String, Integer> tallyUntil(Predicate<Map<String, Integer>> wanted) {
        return Caller.until(this::tally, wanted);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        after.run();
    }
}
