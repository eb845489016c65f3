package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.admin.access.UsersFile;
import dev.sluice.control.store.SqliteEventStore.History;
import dev.sluice.control.xds.NodeProof;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.tls.TestCertificates;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that must prove which service they stand beside. */
class NodeProofIT {
    @TempDir private Path folder;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private TestCertificates certificates;
    private ControlPlane plane;

    @BeforeEach
    void start() {
        certificates = TestCertificates.in(folder);
        TestCertificates.Issued server = certificates.issue("xds", "127.0.0.1");
        plane =
                ControlPlane.start(
                        new Settings(
                                loopback(),
                                Optional.empty(),
                                loopback(),
                                Optional.of(
                                        new Tls(
                                                server.chainFile(),
                                                server.keyFile(),
                                                Optional.of(certificates.authorityFile()))),
                                NodeProof.parse("spiffe://corp/sa/{service}").orThrow(),
                                Optional.empty(),
                                folder.resolve("state"),
                                Optional.empty(),
                                UsersFile.Contents.NOBODY,
                                Outward.NOWHERE,
                                Inquiry.NONE,
                                folder.resolve("backups"),
                                Optional.empty(),
                                History.CONTINUED),
                        Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        plane.close();
    }

    @Test
    void a_node_speaks_for_the_service_of_its_certificate_only() throws IOException {
        Channel orders = channel("orders");
        Channel customers = channel("customers");

        assertThat(evidence(orders).next()).as("of a node not heard of yet").contains("xDS stream");
        Mailbox<String> heard = new Mailbox<>("what the stream said");
        StreamObserver<DiscoveryRequest> own = discovery(orders, heard);
        assertThat(heard.next()).isEqualTo("answered");
        Mailbox<String> refused = new Mailbox<>("what the stream said");
        discovery(customers, refused);
        assertThat(refused.next()).contains("nodes/web-1", "spiffe://corp/sa/orders");

        assertThat(evidence(orders).next()).isEqualTo("answered");
        assertThat(evidence(customers).next()).contains("spiffe://corp/sa/orders");
        own.onCompleted();
    }

    private static StreamObserver<DiscoveryRequest> discovery(
            Channel channel, Mailbox<String> told) {
        StreamObserver<DiscoveryRequest> stream =
                AggregatedDiscoveryServiceGrpc.newStub(channel)
                        .streamAggregatedResources(telling(told));
        stream.onNext(
                DiscoveryRequest.newBuilder()
                        .setNode(Node.newBuilder().setId("web-1").setCluster("orders"))
                        .setTypeUrl("type.googleapis.com/envoy.config.cluster.v3.Cluster")
                        .build());
        return stream;
    }

    private static Mailbox<String> evidence(Channel channel) {
        Mailbox<String> told = new Mailbox<>("what the stream said");
        EvidenceServiceGrpc.newStub(channel)
                .streamEvidence(telling(told))
                .onNext(
                        EvidenceReport.newBuilder()
                                .setNodeId("web-1")
                                .setBootId("0123456789abcdef0123456789abcdef")
                                .setSequence(1)
                                .build());
        return told;
    }

    private static <A> StreamObserver<A> telling(Mailbox<String> told) {
        return new StreamObserver<>() {
            @Override
            public void onNext(A answer) {
                told.put("answered");
            }

            @Override
            public void onError(Throwable failure) {
                told.put(String.valueOf(failure.getMessage()));
            }

            @Override
            public void onCompleted() {}
        };
    }

    private Channel channel(String service) throws IOException {
        TestCertificates.Issued client = certificates.issue(service, "spiffe://corp/sa/" + service);
        ManagedChannel channel =
                Grpc.newChannelBuilder(
                                "127.0.0.1:" + plane.xdsPort(),
                                TlsChannelCredentials.newBuilder()
                                        .trustManager(certificates.authorityFile().toFile())
                                        .keyManager(
                                                client.chainFile().toFile(),
                                                client.keyFile().toFile())
                                        .build())
                        .build();
        channels.add(channel);
        return channel;
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
