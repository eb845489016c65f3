package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.contract.NodeName;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.testkit.Seeds;
import dev.sluice.testkit.xds.DeltaSubscription;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that sends what is none of the protocol: it is cut off, and all others are served on. */
final class HostileNodeIT {
    private static final String ADS =
            "envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources";
    private static final String DELTA_ADS =
            "envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";
    private static final String GATES = "sluice.gate.v1.GateDiscoveryService/DeltaGates";
    private static final String EVIDENCE = "sluice.evidence.v1.EvidenceService/StreamEvidence";
    private static final String LOADS =
            "envoy.service.load_stats.v3.LoadReportingService/StreamLoadStats";
    private static final List<String> ALL = List.of(ADS, DELTA_ADS, GATES, EVIDENCE, LOADS);
    private static final int MILLISECONDS = 30_000;

    private XdsPlane plane;
    private DeltaSubscription neighbour;

    @BeforeEach
    void start() throws IOException {
        plane = new XdsPlane();
        neighbour = plane.ads().delta(GATES, Nodes.sluice("good-1", 1));
        neighbour.subscribe(GateStream.TYPE_URL, "gates/orders");
        neighbour.ack(neighbour.awaitResponse());
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    /** A change reaches who was there before and who comes anew. */
    private void assertServed() {
        plane.shop.gate(gate -> gate.setSharePpm(gate.getSharePpm() + 1));
        plane.publish();
        neighbour.ack(neighbour.awaitResponse());
        DeltaSubscription another = plane.ads().delta(GATES, Nodes.sluice("good-2", 1));
        another.subscribe(GateStream.TYPE_URL, "gates/orders");
        assertThat(another.awaitResponse().getResourcesCount()).isEqualTo(1);
    }

    private Status send(String method, byte[]... messages) {
        return plane.grpc().call(method, new Metadata(), messages).status();
    }

    @Test
    void bytes_that_are_no_message_end_that_stream_alone() {
        RandomGenerator random = Seeds.printed("hostile node").generator();
        for (String method : ALL) {
            for (int i = 0; i < 40; i++) {
                byte[] garbage = new byte[1 + random.nextInt(200)];
                random.nextBytes(garbage);
                garbage[0] = 0x0f; // field 1 with a wire type that there is not
                assertThat(send(method, garbage).isOk()).as(method).isFalse();
            }
        }

        assertThat(plane.ledger.presence(NodeName.ofId("good-1").orThrow())).isPresent();
        assertServed();
    }

    @Test
    void a_message_larger_than_any_of_ours_is_refused() {
        byte[] huge =
                DiscoveryRequest.newBuilder()
                        .setNode(Node.newBuilder().setId("huge"))
                        .addResourceNames("x".repeat(20 << 20))
                        .build()
                        .toByteArray();
        for (String method : ALL) {
            assertThat(send(method, huge).isOk()).as(method).isFalse();
        }

        assertServed();
    }

    @Test
    void acknowledgements_of_what_was_never_sent_are_refused_with_the_reason() {
        byte[] gate =
                DeltaDiscoveryRequest.newBuilder()
                        .setNode(Nodes.sluice("bad", 1))
                        .setResponseNonce("1")
                        .build()
                        .toByteArray();
        byte[] structure =
                DeltaDiscoveryRequest.newBuilder()
                        .setNode(Nodes.envoy("bad"))
                        .setTypeUrl("type.googleapis.com/envoy.config.cluster.v3.Cluster")
                        .setResponseNonce("\u0000no nonce of ours")
                        .build()
                        .toByteArray();

        assertThat(send(GATES, gate).getDescription()).contains("response_nonce");
        assertThat(send(DELTA_ADS, structure).isOk()).isFalse();
        assertServed();
    }

    @Test
    void evidence_that_can_be_of_no_sidecar_is_refused_and_counted_for_nobody() {
        EvidenceReport nameless = EvidenceReport.newBuilder().setSequence(1).build();
        EvidenceReport strange =
                EvidenceReport.newBuilder()
                        .setNodeIdBytes(ByteString.copyFromUtf8("bad\u0000\u001b[2J"))
                        .setBootId("no boot id")
                        .setSequence(-1)
                        .build();

        for (EvidenceReport report : List.of(nameless, strange)) {
            Status refused = send(EVIDENCE, report.toByteArray());
            assertThat(refused.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(refused.getDescription()).contains("evidence of node");
        }
        assertThat(plane.evidence.lastHeard()).isEmpty();
        assertServed();
    }

    @Test
    void names_and_types_of_structure_without_end_end_that_stream_alone() {
        DeltaDiscoveryRequest.Builder delta =
                DeltaDiscoveryRequest.newBuilder()
                        .setNode(Nodes.envoy("bad"))
                        .setTypeUrl("type.googleapis.com/envoy.config.cluster.v3.Cluster");
        DiscoveryRequest.Builder whole =
                DiscoveryRequest.newBuilder()
                        .setNode(delta.getNode())
                        .setTypeUrl(delta.getTypeUrl());
        for (int i = 0; i <= AskedNames.MOST; i++) {
            delta.addResourceNamesSubscribe("c" + i);
            whole.addResourceNames("c" + i);
        }
        byte[][] types = new byte[AskedNames.MOST_TYPES + 1][];
        for (int i = 0; i < types.length; i++) {
            types[i] =
                    DeltaDiscoveryRequest.newBuilder()
                            .setNode(delta.getNode())
                            .setTypeUrl("type.googleapis.com/none.T" + i)
                            .build()
                            .toByteArray();
        }

        for (Status refused :
                List.of(
                        send(DELTA_ADS, delta.build().toByteArray()),
                        send(ADS, whole.build().toByteArray()),
                        send(DELTA_ADS, types))) {
            assertThat(refused.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(refused.getDescription()).contains("on one stream (expected at most");
        }
        assertServed();
    }

    @Test
    void what_is_no_http2_is_cut_off() throws IOException {
        for (String line :
                List.of(
                        "GET / HTTP/1.0\r\n\r\n",
                        "\u0016\u0003\u0001 hello",
                        "\u0000".repeat(4_096))) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), plane.port())) {
                socket.setSoTimeout(MILLISECONDS);
                socket.getOutputStream().write(line.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(end(socket)).as("cut off").isTrue();
            }
        }

        assertServed();
    }

    /** Reads until the other side ends; a reset is an end too. */
    private static boolean end(Socket socket) {
        try {
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(answer.length).as("what a frame of GOAWAY may say").isLessThan(1_024);
            return true;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
