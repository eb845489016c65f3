package dev.sluice.testkit.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testkit.LeakCheck;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The scripted server and the scripted client, each proven by the other. */
@ExtendWith(LeakCheck.class)
class AdsIT {
    private static final String CDS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    private static final String EDS =
            "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";
    private static final String GATES = "sluice.gate.v1.GateDiscoveryService/DeltaGates";
    private static final Node NODE = AdsClient.node("node-1", "orders");

    private static Cluster cluster(String name) {
        return Cluster.newBuilder().setName(name).build();
    }

    @Test
    void sotw_accepts_and_refuses_by_nonce() {
        try (ScriptedAds ads = ScriptedAds.start();
                AdsClient client = AdsClient.connect(ads.port())) {
            SotwSubscription subscription = client.sotw(NODE);
            subscription.subscribe(CDS);
            SotwStream stream = ads.nextSotw();
            assertThat(stream.awaitRequest(CDS).getNode()).isEqualTo(NODE);

            String first = stream.send(CDS, "1", List.of(cluster("a")));
            subscription.ack(subscription.awaitResponse(CDS));
            assertThat(stream.awaitAck(first).getVersionInfo()).isEqualTo("1");

            String second = stream.send(CDS, "2", List.of(cluster("b")));
            subscription.nack(subscription.awaitResponse(CDS), "clusters[0]: no");
            assertThat(stream.awaitNack(second))
                    .satisfies(nack -> {
                        assertThat(nack.getVersionInfo()).isEqualTo("1");
                        assertThat(nack.getErrorDetail().getMessage()).isEqualTo("clusters[0]: no");
                    });
        }
    }

    @Test
    void an_unexpected_answer_fails_with_its_text() {
        try (ScriptedAds ads = ScriptedAds.start();
                AdsClient client = AdsClient.connect(ads.port())) {
            SotwSubscription subscription = client.sotw(NODE);
            subscription.subscribe(CDS);
            SotwStream stream = ads.nextSotw();
            String nonce = stream.send(CDS, "1", List.of());
            subscription.nack(subscription.awaitResponse(), "because");

            assertThatThrownBy(() -> stream.awaitAck(nonce))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("because");
        }
    }

    @Test
    void sotw_changes_names_and_keeps_order_over_types() {
        try (ScriptedAds ads = ScriptedAds.start();
                AdsClient client = AdsClient.connect(ads.port())) {
            SotwSubscription subscription = client.sotw(NODE);
            subscription.subscribe(CDS);
            subscription.subscribe(EDS, "a", "b");
            SotwStream stream = ads.nextSotw();
            assertThat(stream.awaitRequest(EDS, "b", "a").hasNode()).isFalse();
            stream.send(CDS, "1", List.of());
            stream.send(EDS, "1", List.of());

            assertThat(List.of(subscription.awaitResponse(), subscription.awaitResponse()))
                    .extracting(DiscoveryResponse::getTypeUrl)
                    .containsExactly(CDS, EDS);
        }
    }

    @Test
    void delta_under_any_method_name() {
        try (ScriptedAds ads = ScriptedAds.start(GATES);
                AdsClient client = AdsClient.connect(ads.port())) {
            DeltaSubscription subscription = client.delta(GATES, NODE);
            subscription.resume(CDS, Map.of("gates/old", "7"), "gates/a", "gates/old");
            DeltaStream stream = ads.nextDelta(GATES);
            assertThat(stream.awaitSubscribe(CDS, "gates/a").getInitialResourceVersionsMap())
                    .containsEntry("gates/old", "7");

            String first =
                    stream.send(
                            CDS,
                            List.of(DeltaStream.resource("gates/a", "8", cluster("a"))),
                            List.of("gates/old"));
            DeltaDiscoveryResponse response = subscription.awaitResponse(CDS);
            assertThat(response.getResourcesList())
                    .extracting(Resource::getName)
                    .containsExactly("gates/a");
            assertThat(response.getRemovedResourcesList()).containsExactly("gates/old");
            subscription.ack(response);
            stream.awaitAck(first);

            String second = stream.send(CDS, DeltaStream.resource("gates/a", "9", cluster("x")));
            subscription.nack(subscription.awaitResponse(), "share");
            assertThat(stream.awaitNack(second).getErrorDetail().getMessage()).isEqualTo("share");
            subscription.unsubscribe(CDS, "gates/a");
            stream.awaitUnsubscribe(CDS, "gates/a");
        }
    }

    @Test
    void either_side_ends_a_stream() {
        try (ScriptedAds ads = ScriptedAds.start();
                AdsClient client = AdsClient.connect(ads.port())) {
            DeltaSubscription ended = client.delta(NODE);
            ended.subscribe(CDS);
            ads.nextDelta().end(Status.UNAVAILABLE.withDescription("maintenance"));
            assertThat(ended.awaitEnd().getDescription()).isEqualTo("maintenance");

            SotwSubscription leaving = client.sotw(NODE);
            leaving.subscribe(CDS);
            SotwStream left = ads.nextSotw();
            leaving.end();
            left.awaitEnd();
            assertThat(leaving.awaitEnd().isOk()).isTrue();
        }
    }

    @Test
    void breaks_connections_and_comes_back_on_its_port() {
        try (ScriptedAds ads = ScriptedAds.start();
                AdsClient client = AdsClient.connect(ads.port())) {
            SotwSubscription broken = client.sotw(NODE);
            broken.subscribe(CDS);
            ads.nextSotw();
            ads.refuse();
            assertThat(broken.awaitEnd().isOk()).isFalse();
            assertThat(client.sotw(NODE).awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            ads.accept();

            try (AdsClient again = AdsClient.connect(ads.port())) {
                again.sotw(NODE).subscribe(CDS, "back");
                ads.nextSotw().awaitRequest(CDS, "back");
            }
        }
    }

    @Test
    void a_standing_configuration_answers_sotw_by_itself() {
        StandingConfig config = new StandingConfig().put(CDS, "a", cluster("a"));
        try (ScriptedAds ads = ScriptedAds.serving(config);
                AdsClient client = AdsClient.connect(ads.port())) {
            SotwSubscription subscription = client.sotw(NODE);
            subscription.subscribe(CDS);
            DiscoveryResponse first = subscription.awaitResponse();
            assertThat(first.getResourcesCount()).isEqualTo(1);
            subscription.ack(first);
            config.put(CDS, "b", cluster("b"));
            DiscoveryResponse second = subscription.awaitResponse();
            assertThat(second.getResourcesCount()).isEqualTo(2);
            assertThat(second.getVersionInfo()).isNotEqualTo(first.getVersionInfo());
            config.remove(CDS, "a");

            assertThat(subscription.awaitResponse().getResourcesList())
                    .containsExactly(SotwStream.pack(cluster("b")));
            assertThat(ads.nextSotw().awaitAck(first.getNonce()).getVersionInfo())
                    .isEqualTo(first.getVersionInfo());
        }
    }

    @Test
    void a_standing_configuration_answers_delta_by_itself() {
        StandingConfig config =
                new StandingConfig()
                        .replace(CDS, Map.of("a", cluster("a"), "other", cluster("other")));
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                AdsClient client = AdsClient.connect(ads.port())) {
            DeltaSubscription subscription = client.delta(GATES, NODE);
            subscription.subscribe(CDS, "a", "missing");
            DeltaDiscoveryResponse first = subscription.awaitResponse();
            assertThat(first.getResourcesList()).extracting(Resource::getName).containsOnly("a");
            assertThat(first.getRemovedResourcesList()).containsExactly("missing");
            subscription.ack(first);
            config.put(CDS, "missing", cluster("found"));
            assertThat(subscription.awaitResponse().getResourcesList())
                    .extracting(Resource::getName)
                    .containsExactly("missing");
            config.remove(CDS, "a");

            assertThat(subscription.awaitResponse().getRemovedResourcesList()).containsExactly("a");
        }
    }

    @Test
    void a_standing_configuration_spares_delta_what_it_has() {
        StandingConfig config = new StandingConfig().put(CDS, "a", cluster("a"));
        try (ScriptedAds ads = ScriptedAds.serving(config);
                AdsClient client = AdsClient.connect(ads.port())) {
            DeltaSubscription first = client.delta(NODE);
            first.subscribe(CDS);
            String version = first.awaitResponse().getResources(0).getVersion();
            DeltaSubscription second = client.delta(NODE);
            second.resume(CDS, Map.of("a", version, "gone", "1"));
            DeltaDiscoveryResponse response = second.awaitResponse();

            assertThat(response.getResourcesList()).isEmpty();
            assertThat(response.getRemovedResourcesList()).containsExactly("gone");
        }
    }
}
