package dev.sluice.chaos.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.xds.AdsClient;
import dev.sluice.testkit.xds.DeltaStream;
import dev.sluice.testkit.xds.DeltaSubscription;
import dev.sluice.testkit.xds.ScriptedAds;
import dev.sluice.testkit.xds.SotwStream;
import dev.sluice.testkit.xds.SotwSubscription;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy between a scripted control plane and a scripted node. */
class XdsProxyIT {
    private static final String CDS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    private static final String LDS = "type.googleapis.com/envoy.config.listener.v3.Listener";
    private static final String GATES = "sluice.gate.v1.GateDiscoveryService/DeltaGates";

    private final ScriptedAds control = ScriptedAds.start(GATES);
    private final HttpClient http = HttpClient.newHttpClient();
    private XdsProxy proxy;
    private AdsClient node;

    @BeforeEach
    void start() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        proxy =
                XdsProxy.start(
                        new XdsProxy.Settings(
                                new InetSocketAddress(here, 0),
                                new InetSocketAddress(here, control.port()),
                                new InetSocketAddress(here, 0),
                                Optional.of("secret"),
                                Tls.NONE));
        node = AdsClient.connect(proxy.port());
    }

    @AfterEach
    void stop() {
        node.close();
        proxy.close();
        control.close();
        http.close();
    }

    private HttpResponse<String> ask(String method, String path, String body, String token)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + proxy.apiPort() + "/" + path))
                        .header("authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private int take(String fault, String more) throws Exception {
        return ask(
                        "POST",
                        "faults",
                        "{\"name\":\"faults/x\",\"fault\":"
                                + fault
                                + ",\"ttl\":\"600s\""
                                + more
                                + "}",
                        "secret")
                .statusCode();
    }

    private void take(String fault) throws Exception {
        assertThat(take(fault, "")).as("taking %s", fault).isEqualTo(200);
    }

    private JsonNode lease() throws Exception {
        return new JsonMapper().readTree(ask("GET", "faults/x", "", "secret").body());
    }

    private void until(Predicate<JsonNode> wanted) throws Exception {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        JsonNode last = lease();
        while (!wanted.test(last) && System.nanoTime() < end) {
            LockSupport.parkNanos(5_000_000);
            last = lease();
        }
        assertThat(wanted.test(last)).as("what is awaited of %s", last).isTrue();
    }

    private void end() throws Exception {
        assertThat(ask("DELETE", "faults/x", "", "secret").statusCode()).isEqualTo(200);
    }

    private static List<Cluster> cluster(String name) {
        return List.of(Cluster.newBuilder().setName(name).build());
    }

    /** Names of the clusters of a response. */
    private static String names(DiscoveryResponse response) throws InvalidProtocolBufferException {
        return response.getResources(0).unpack(Cluster.class).getName();
    }

    private SotwSubscription subscribed(String id) {
        SotwSubscription subscription = node.sotw(AdsClient.node(id, "edge"));
        subscription.subscribe(CDS);
        return subscription;
    }

    @Test
    void hands_on_what_passes_in_both_directions() throws Exception {
        SotwSubscription subscription = subscribed("a");
        SotwStream stream = control.nextSotw();
        stream.awaitRequest(CDS);
        String nonce = stream.send(CDS, "1", cluster("one"));
        DiscoveryResponse response = subscription.awaitResponse(CDS);
        subscription.ack(response);

        assertThat(stream.awaitAck(nonce).getVersionInfo()).isEqualTo("1");
        assertThat(names(response)).isEqualTo("one");
        stream.end(Status.RESOURCE_EXHAUSTED);
        assertThat(subscription.awaitEnd().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void hands_on_gates_and_the_leaving_of_a_node() throws Exception {
        DeltaSubscription gates = node.delta(GATES, AdsClient.node("a", "edge"));
        gates.subscribe("type.googleapis.com/sluice.gate.v1.Gate", "gates/one");
        DeltaStream stream = control.nextDelta(GATES);
        stream.awaitRequest("type.googleapis.com/sluice.gate.v1.Gate");

        gates.cancel();

        stream.awaitEnd();
    }

    @Test
    void a_partition_breaks_streams_and_refuses_new_ones_of_its_nodes() throws Exception {
        SotwSubscription cut = subscribed("a");
        control.nextSotw().awaitRequest(CDS);
        SotwSubscription other = subscribed("b");
        SotwStream others = control.nextSotw();
        others.awaitRequest(CDS);

        assertThat(take("{\"partition\":{}}", ",\"nodes\":[\"a\"]")).isEqualTo(200);
        Status end = cut.awaitEnd();
        Status refused = subscribed("a").awaitEnd();
        others.send(CDS, "1", cluster("one"));
        other.awaitResponse(CDS);
        JsonNode lease = lease();
        end();

        assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused.getDescription()).isEqualTo("a partition was injected");
        assertThat(lease.path("injected").asInt()).isEqualTo(2);
        subscribed("a");
        control.nextSotw();
        assertThat(lease().path("state").asText()).isEqualTo("ENDED");
    }

    @Test
    void a_black_hole_holds_all_until_it_ends() throws Exception {
        SotwSubscription subscription = subscribed("a");
        SotwStream stream = control.nextSotw();
        stream.awaitRequest(CDS);
        take("{\"black_hole\":{}}");
        stream.send(CDS, "1", cluster("one"));
        stream.send(CDS, "2", cluster("two"));
        subscription.subscribe(LDS);
        until(lease -> lease.path("injected").asInt() == 3);
        assertThat(subscription.responses().received()).as("held back").isEmpty();

        end();

        assertThat(names(subscription.awaitResponse(CDS))).isEqualTo("one");
        assertThat(names(subscription.awaitResponse(CDS))).isEqualTo("two");
        stream.awaitRequest(LDS);
    }

    @Test
    void responses_come_twice_or_again_or_in_another_order() throws Exception {
        SotwSubscription subscription = subscribed("a");
        SotwStream stream = control.nextSotw();
        stream.awaitRequest(CDS);
        stream.send(CDS, "1", cluster("one"));
        assertThat(names(subscription.awaitResponse(CDS))).isEqualTo("one");

        take("{\"duplicate\":{}}");
        stream.send(CDS, "2", cluster("two"));
        assertThat(names(subscription.awaitResponse(CDS))).isEqualTo("two");
        assertThat(names(subscription.awaitResponse(CDS))).as("again").isEqualTo("two");
        end();

        take("{\"stale\":{}}");
        stream.send(CDS, "3", cluster("three"));
        assertThat(names(subscription.awaitResponse(CDS))).isEqualTo("three");
        assertThat(names(subscription.awaitResponse(CDS))).as("the first").isEqualTo("one");
        end();

        take("{\"reorder\":{}}");
        stream.send(CDS, "4", cluster("four"));
        stream.send(CDS, "5", cluster("five"));
        stream.send(CDS, "6", cluster("six"));
        assertThat(names(subscription.awaitResponse(CDS))).isEqualTo("five");
        assertThat(names(subscription.awaitResponse(CDS))).isEqualTo("four");
        until(lease -> lease.path("matched").asInt() == 3);
        end();
        assertThat(names(subscription.awaitResponse(CDS))).as("held").isEqualTo("six");
    }

    @Test
    void bad_resources_can_not_be_read_and_keep_their_version() throws Exception {
        SotwSubscription subscription = subscribed("a");
        SotwStream stream = control.nextSotw();
        stream.awaitRequest(CDS);
        take("{\"bad_resources\":{}}");
        String nonce = stream.send(CDS, "1", cluster("one"));

        DiscoveryResponse bad = subscription.awaitResponse(CDS);

        assertThat(bad.getNonce()).isEqualTo(nonce);
        assertThat(bad.getVersionInfo()).isEqualTo("1");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> names(bad)))
                .isInstanceOf(InvalidProtocolBufferException.class);
        subscription.nack(bad, "can't be read");
        stream.awaitNack(nonce);
    }

    @Test
    void an_ack_comes_late() throws Exception {
        SotwSubscription subscription = subscribed("a");
        SotwStream stream = control.nextSotw();
        stream.awaitRequest(CDS);
        String nonce = stream.send(CDS, "1", cluster("one"));
        DiscoveryResponse response = subscription.awaitResponse(CDS);
        take("{\"slow_ack\":\"0.2s\"}");
        subscription.ack(response);
        until(lease -> lease.path("injected").asInt() == 1);
        stream.awaitAck(nonce);

        assertThat(lease().path("injected").asInt()).isEqualTo(1);
    }

    @Test
    void an_ack_waits_no_longer_than_its_fault() throws Exception {
        SotwSubscription subscription = subscribed("a");
        SotwStream stream = control.nextSotw();
        stream.awaitRequest(CDS);
        String nonce = stream.send(CDS, "1", cluster("one"));
        DiscoveryResponse response = subscription.awaitResponse(CDS);
        take("{\"slow_ack\":\"600s\"}");
        subscription.ack(response);
        until(lease -> lease.path("injected").asInt() == 1);
        stream.send(CDS, "2", cluster("two"));
        assertThat(names(subscription.awaitResponse(CDS))).as("meanwhile").isEqualTo("two");

        end();

        assertThat(stream.awaitAck(nonce).getVersionInfo()).isEqualTo("1");
    }

    @Test
    void streams_of_its_nodes_go_to_another_control_plane_and_come_back() throws Exception {
        try (ScriptedAds second = ScriptedAds.start(GATES)) {
            SotwSubscription moved = subscribed("a");
            control.nextSotw().awaitRequest(CDS);
            SotwSubscription unmoved = subscribed("b");
            SotwStream stays = control.nextSotw();
            stays.awaitRequest(CDS);

            String fault = "{\"reroute\":\"127.0.0.1:%d\"}".formatted(second.port());
            assertThat(take(fault, ",\"nodes\":[\"a\"]")).isEqualTo(200);
            Status broken = moved.awaitEnd();
            SotwSubscription there = subscribed("a");
            SotwStream atSecond = second.nextSotw();
            atSecond.awaitRequest(CDS);
            String unused = atSecond.send(CDS, "7", cluster("old"));

            assertThat(broken.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(names(there.awaitResponse(CDS))).isEqualTo("old");
            assertThat(lease().path("injected").asInt()).as("streams moved").isEqualTo(1);
            unused = stays.send(CDS, "8", cluster("new"));
            assertThat(names(unmoved.awaitResponse(CDS))).as("another node").isEqualTo("new");

            end();
            assertThat(there.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            var back = subscribed("a");
            control.nextSotw().awaitRequest(CDS);
            back.cancel();
        }
    }

    @Test
    void a_lease_ends_by_itself_and_is_renewed_until_then() throws Exception {
        String body = "{\"name\":\"faults/x\",\"fault\":{\"duplicate\":{}},\"ttl\":\"1s\"}";
        assertThat(ask("POST", "faults", body, "secret").statusCode()).isEqualTo(200);
        int renewed = ask("POST", "faults/x:renew", "{\"ttl\":\"1s\"}", "secret").statusCode();
        until(lease -> lease.path("state").asText().equals("EXPIRED"));

        assertThat(renewed).isEqualTo(200);
        assertThat(ask("POST", "faults/x:renew", "{\"ttl\":\"1s\"}", "secret").statusCode())
                .as("too late")
                .isEqualTo(409);
        assertThat(ask("POST", "faults", body, "secret").statusCode())
                .as("its name is free again")
                .isEqualTo(200);
    }

    @Test
    void what_is_wrong_is_refused_with_every_problem() throws Exception {
        String wrong = "{\"nam\":1,\"fault\":{\"magic\":{}},\"ttl\":\"2h\"}";
        HttpResponse<String> refused = ask("POST", "faults", wrong, "secret");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("nam: an unknown field", "name:", "fault: 'magic'", "ttl: '2h'");
        assertThat(take("{\"slow_ack\":\"11m\"}", "")).isEqualTo(400);
        assertThat(take("{}", "")).isEqualTo(400);
        assertThat(take("{\"reroute\":\"127.0.0.1\"}", "")).as("no port").isEqualTo(400);
        assertThat(take("{\"reroute\":\"a:65536\"}", "")).as("no such port").isEqualTo(400);
        assertThat(ask("POST", "faults", "{", "secret").statusCode()).isEqualTo(400);
        assertThat(ask("GET", "faults/none", "", "secret").statusCode()).isEqualTo(404);
        assertThat(ask("PUT", "faults", "", "secret").statusCode()).isEqualTo(405);
        assertThat(ask("GET", "faults", "", "wrong").statusCode()).isEqualTo(401);
        take("{\"stale\":{}}");
        assertThat(take("{\"stale\":{}}", "")).as("an active name").isEqualTo(409);
        assertThat(ask("GET", "faults", "", "secret").body()).contains("\"fault\" : \"stale\"");
    }
}
