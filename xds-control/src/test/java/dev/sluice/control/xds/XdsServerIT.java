package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.snapshot.ResourceType;
import dev.sluice.control.snapshot.Shop;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import dev.sluice.evidence.v1.GateEvidence;
import dev.sluice.evidence.v1.LocalKill;
import dev.sluice.evidence.v1.Outcomes;
import dev.sluice.evidence.v1.Trip;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.Gate;
import dev.sluice.gate.v1.Kill;
import dev.sluice.testkit.grpc.GrpcClientCall;
import dev.sluice.testkit.xds.DeltaSubscription;
import dev.sluice.testkit.xds.SotwSubscription;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class XdsServerIT {
    private static final String CLUSTER = ResourceType.CLUSTER.typeUrl();
    private static final String LISTENER = ResourceType.LISTENER.typeUrl();
    private static final String ROUTE = ResourceType.ROUTE.typeUrl();
    private static final String GATE = GateStream.TYPE_URL;
    private static final String GATES = "sluice.gate.v1.GateDiscoveryService/DeltaGates";
    private static final String BOOT = "0123456789abcdef0123456789abcdef";
    private static final Duration SILENCE = Duration.ofMillis(300);

    private XdsPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane = new XdsPlane();
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void a_stock_proxy_gets_structure_by_state_of_the_world_and_follows_a_share() throws Exception {
        SotwSubscription node = plane.ads().sotw(Nodes.envoy("web-1"));

        assertThat(weights(started(node))).containsExactly(250_000, 750_000);
        plane.await("the node to settle", () -> settled("web-1"));
        plane.shop.gate(gate -> gate.setSharePpm(1_000_000));
        plane.publish();

        DiscoveryResponse changed = node.awaitResponse();
        assertThat(changed.getTypeUrl()).as("a share changes routes alone").isEqualTo(ROUTE);
        assertThat(weights(changed.getResources(0).unpack(RouteConfiguration.class)))
                .containsExactly(1_000_000, 0);
        assertThat(settled("web-1")).as("before it accepted").isFalse();
        node.ack(changed);
        plane.await("the node to accept", () -> settled("web-1"));
        assertThat(node.responses().poll(SILENCE)).isEmpty();
    }

    @Test
    void a_change_of_clusters_makes_before_it_breaks() throws Exception {
        DeltaSubscription node = plane.ads().delta(Nodes.envoy("web-1"));
        started(node);

        plane.shop
                .with(new Event.VersionPut(Fixtures.version("orders", "v3")))
                .gate(gate -> gate.setLegacyCluster(Shop.V2).setNewCluster(v("v3")).setSharePpm(1))
                .with(new Event.VersionDeleted(Fixtures.versionName("orders", "v1")));
        plane.publish();

        DeltaDiscoveryResponse added = node.awaitResponse();
        assertThat(added.getTypeUrl()).isEqualTo(CLUSTER);
        assertThat(added.getResourcesList())
                .extracting(found -> found.getName())
                .containsExactly(v("v3"));
        assertThat(added.getRemovedResourcesList()).isEmpty();
        assertThat(node.responses().poll(SILENCE)).as("routes wait for clusters").isEmpty();
        node.ack(added);
        DeltaDiscoveryResponse switched = node.awaitResponse();
        assertThat(switched.getTypeUrl()).isEqualTo(ROUTE);
        assertThat(node.responses().poll(SILENCE)).as("old clusters wait for routes").isEmpty();
        node.ack(switched);
        DeltaDiscoveryResponse removed = node.awaitResponse();
        assertThat(removed.getTypeUrl()).isEqualTo(CLUSTER);
        assertThat(removed.getRemovedResourcesList()).containsExactly(Shop.V1);
    }

    @Test
    void a_refusal_is_parked_until_there_is_something_else_to_send() throws Exception {
        DeltaSubscription delta = plane.ads().delta(Nodes.envoy("web-1"));
        SotwSubscription whole = plane.ads().sotw(Nodes.envoy("web-2"));
        started(delta);
        started(whole);
        plane.shop.gate(gate -> gate.setSharePpm(1));
        plane.publish();

        delta.nack(delta.awaitResponse(), "no");
        whole.nack(whole.awaitResponse(), "no");

        assertThat(delta.responses().poll(SILENCE)).isEmpty();
        assertThat(whole.responses().poll(SILENCE)).isEmpty();
        plane.await("the refusals to be known", () -> refuses("web-1") && refuses("web-2"));
        plane.shop.gate(gate -> gate.setSharePpm(2));
        plane.publish();
        delta.ack(delta.awaitResponse(ROUTE));
        whole.ack(whole.awaitResponse(ROUTE));
        plane.await("both to settle", () -> settled("web-1") && settled("web-2"));
    }

    @Test
    void a_returning_node_is_told_what_went_while_it_was_away() {
        DeltaSubscription node = plane.ads().delta(Nodes.envoy("web-1"));

        node.resume(CLUSTER, Map.of("gone", "1"));
        DeltaDiscoveryResponse clusters = node.awaitResponse();
        assertThat(clusters.getResourcesCount()).isEqualTo(2);
        node.ack(clusters);

        assertThat(node.awaitResponse().getRemovedResourcesList()).containsExactly("gone");
    }

    @Test
    void a_stock_proxy_keeps_a_removed_cluster_over_a_restart_until_its_routes_are_new()
            throws Exception {
        SotwSubscription node = plane.ads().sotw(Nodes.envoy("web-1"));
        node.subscribe(CLUSTER);
        String clusters = node.awaitResponse(CLUSTER).getVersionInfo();
        node.cancel();
        Shop shop = plane.shop;
        plane.close();
        shop.with(new Event.VersionPut(Fixtures.version("orders", "v3")))
                .gate(gate -> gate.setLegacyCluster(Shop.V2).setNewCluster(v("v3")).setSharePpm(9))
                .with(new Event.VersionDeleted(Fixtures.versionName("orders", "v1")));
        plane = new XdsPlane(shop);

        SotwSubscription again = plane.ads().sotw(Nodes.envoy("web-1"));
        again.send(
                DiscoveryRequest.newBuilder().setTypeUrl(CLUSTER).setVersionInfo(clusters).build());
        again.subscribe(LISTENER);
        again.subscribe(ROUTE, Shop.OUTBOUND);

        DiscoveryResponse kept = again.awaitResponse(CLUSTER);
        assertThat(names(kept)).containsExactlyInAnyOrder(Shop.V1, Shop.V2, v("v3"));
        again.ack(kept);
        again.ack(again.awaitResponse(LISTENER));
        DiscoveryResponse routes = again.awaitResponse(ROUTE);
        assertThat(again.responses().poll(SILENCE)).as("v1 may be in use").isEmpty();
        again.ack(routes);
        assertThat(names(again.awaitResponse(CLUSTER))).containsExactlyInAnyOrder(Shop.V2, v("v3"));
    }

    private static List<String> names(DiscoveryResponse clusters) throws Exception {
        List<String> names = new ArrayList<>();
        for (Any cluster : clusters.getResourcesList()) {
            names.add(cluster.unpack(Cluster.class).getName());
        }
        return names;
    }

    @Test
    void a_node_without_an_id_and_a_foreign_nonce_are_refused_with_the_reason() {
        DeltaSubscription nameless = plane.ads().delta(Nodes.envoy(""));
        nameless.subscribe(CLUSTER);
        assertInvalid(nameless.awaitEnd(), "node.id");

        DeltaSubscription confused = plane.ads().delta(Nodes.envoy("web-1"));
        confused.subscribe(CLUSTER);
        confused.ack(confused.awaitResponse().toBuilder().setNonce("77").build());
        assertInvalid(confused.awaitEnd(), "response_nonce '77'");
        assertThat(plane.told.events().next()).isEqualTo("connected web-1");
        assertThat(plane.told.events().next()).as("its end is seen").isEqualTo("lost web-1");
    }

    @Test
    void a_share_costs_a_sluice_node_one_gate_and_no_structure() {
        DeltaSubscription ads = plane.ads().delta(Nodes.sluice("web-1", 1));
        DeltaSubscription gates = plane.ads().delta(GATES, Nodes.sluice("web-1", 1));
        started(ads);
        gates.subscribe(GATE, "gates/orders");
        gates.ack(gates.awaitResponse());

        plane.shop.gate(gate -> gate.setSharePpm(500_000));
        plane.publish();

        DeltaDiscoveryResponse changed = gates.awaitResponse();
        assertThat(changed.getResourcesCount()).isEqualTo(1);
        gates.ack(changed);
        assertThat(ads.responses().poll(SILENCE)).isEmpty();
    }

    @Test
    void a_gate_stream_parks_refusals_and_goes_on_where_it_broke_off() throws Exception {
        DeltaSubscription gates = plane.ads().delta(GATES, Nodes.sluice("web-1", 1));
        gates.subscribe(GATE, "gates/orders");
        DeltaDiscoveryResponse first = gates.awaitResponse();
        gates.nack(first, "no such cluster");

        assertThat(gates.responses().poll(SILENCE)).isEmpty();
        plane.await(
                "the refusal to be known",
                () -> view("web-1").refusals().containsValue("no such cluster"));
        gates.cancel();
        DeltaSubscription again = plane.ads().delta(GATES, Nodes.sluice("web-1", 1));
        again.resume(
                GATE, Map.of("gates/orders", first.getResources(0).getVersion()), "gates/orders");
        assertThat(again.responses().poll(SILENCE)).as("it has it").isEmpty();
        plane.shop.gate(gate -> gate.setSharePpm(3));
        plane.publish();
        assertThat(
                        again.awaitResponse()
                                .getResources(0)
                                .getResource()
                                .unpack(Gate.class)
                                .getSharePpm())
                .isEqualTo(3);
    }

    @Test
    void a_kill_reaches_gates_at_once_and_stock_proxies_past_a_refusal() throws Exception {
        DeltaSubscription gates = plane.ads().delta(GATES, Nodes.sluice("web-1", 1));
        gates.subscribe(GATE, "gates/orders");
        gates.ack(gates.awaitResponse());
        SotwSubscription stock = plane.ads().sotw(Nodes.envoy("web-2"));
        started(stock);
        plane.shop.with(new Event.VersionPut(Fixtures.version("orders", "v3")));
        plane.publish();
        stock.nack(stock.awaitResponse(), "a cluster that it does not like");
        plane.await("the refusal to be known", () -> refuses("web-2"));

        Catalog killed =
                plane.shop.overlaid(gate ->
                        gate.setSharePpm(250_000).setKill(Kill.newBuilder().setReason("errors")));
        plane.xds.publisher().publishKill(killed, Set.of(Shop.ORDERS));

        assertThat(gates.awaitResponse().getResources(0).getResource().unpack(Gate.class).hasKill())
                .isTrue();
        DiscoveryResponse back = stock.awaitResponse();
        assertThat(weights(back.getResources(0).unpack(RouteConfiguration.class)))
                .containsExactly(0, 1_000_000);
    }

    @Test
    void shares_and_rollback_reach_a_stock_proxy_that_refuses_a_cluster() throws Exception {
        SotwSubscription whole = plane.ads().sotw(Nodes.envoy("web-1"));
        DeltaSubscription delta = plane.ads().delta(Nodes.envoy("web-2"));
        started(whole);
        started(delta);
        plane.shop.with(new Event.VersionPut(Fixtures.version("orders", "v3")));
        plane.publish();
        whole.nack(whole.awaitResponse(CLUSTER), "no such file");
        delta.nack(delta.awaitResponse(CLUSTER), "no such file");
        plane.await("the refusals to be known", () -> refuses("web-1") && refuses("web-2"));

        for (int share : new int[] {1_000_000, 500_000, 0}) {
            plane.shop.gate(gate -> gate.setSharePpm(share));
            plane.publish();

            DiscoveryResponse routes = whole.awaitResponse();
            assertThat(routes.getTypeUrl()).isEqualTo(ROUTE);
            assertThat(weights(routes.getResources(0).unpack(RouteConfiguration.class)))
                    .containsExactly(share, 1_000_000 - share);
            whole.ack(routes);
            delta.ack(delta.awaitResponse(ROUTE));
            plane.await("both to accept", () -> settled("web-1") && settled("web-2"));
        }
        assertThat(refuses("web-1") && refuses("web-2")).as("the cluster stays refused").isTrue();
    }

    @Test
    void shares_reach_a_stock_proxy_that_answers_nothing_up_to_eight_times() throws Exception {
        SotwSubscription node = plane.ads().sotw(Nodes.envoy("web-1"));
        started(node);
        plane.shop.with(new Event.VersionPut(Fixtures.version("orders", "v3")));
        plane.publish();
        assertThat(node.awaitResponse().getTypeUrl()).as("not answered").isEqualTo(CLUSTER);

        List<DiscoveryResponse> routes = new ArrayList<>();
        for (int share = 1; share <= 8; share++) {
            int ppm = share;
            plane.shop.gate(gate -> gate.setSharePpm(ppm));
            plane.publish();
            routes.add(node.awaitResponse(ROUTE));
        }
        plane.shop.gate(gate -> gate.setSharePpm(9));
        plane.publish();
        plane.shop.gate(gate -> gate.setSharePpm(10));
        plane.publish();
        assertThat(node.responses().poll(SILENCE)).isEmpty();

        for (DiscoveryResponse response : routes) {
            node.ack(response);
        }
        DiscoveryResponse last = node.awaitResponse(ROUTE);
        assertThat(weights(last.getResources(0).unpack(RouteConfiguration.class)))
                .containsExactly(10, 999_990);
        node.ack(last);
        plane.await("the node to accept", () -> settled("web-1"));
    }

    @Test
    void a_route_to_a_cluster_that_is_not_there_is_withheld_and_seen_at_the_node() {
        DeltaSubscription node = plane.ads().delta(Nodes.envoy("web-1"));
        started(node);
        plane.await("the node to settle", () -> settled("web-1"));

        plane.shop.gate(gate -> gate.setNewCluster(v("nowhere")).setSharePpm(1));
        plane.publish();

        plane.await("the route to be withheld", () -> !withheld("web-1").isEmpty());
        assertThat(withheld("web-1"))
                .containsExactly(
                        "route table 'outbound/orders': names cluster '"
                                + v("nowhere")
                                + "', which is not there");
        assertThat(node.responses().poll(SILENCE)).isEmpty();
        plane.shop.gate(gate -> gate.setSharePpm(7));
        plane.publish();
        assertThat(node.awaitResponse().getTypeUrl()).isEqualTo(ROUTE);
    }

    @Test
    void evidence_is_added_up_and_receipted() throws Exception {
        DeltaSubscription gates = plane.ads().delta(GATES, Nodes.sluice("web-1", 1));
        gates.subscribe(GATE, "gates/orders");
        gates.awaitResponse();
        GrpcClientCall<EvidenceReport, EvidenceReceipt> call =
                plane.grpc().open(EvidenceServiceGrpc.getStreamEvidenceMethod(), new Metadata());

        call.send(report().setSequence(1).build());
        EvidenceReceipt receipt = call.nextMessage();

        assertThat(receipt.getSequence()).isEqualTo(1);
        assertThat(receipt.getInterval()).isEqualTo(Durations.fromMillis(500));
        assertThat(plane.evidence.of(Shop.ORDERS, plane.revision()).fresh().share().requests())
                .isEqualTo(10);
        assertThat(view("web-1").gates())
                .hasEntrySatisfying(
                        Shop.ORDERS,
                        applied -> assertThat(applied.revision()).isEqualTo(plane.revision()));
        call.send(report().setSequence(2).setGoodbye(true).build());
        assertThat(call.nextMessage().getSequence()).isEqualTo(2);
        gates.end();
        assertThat(gates.awaitEnd().isOk()).isTrue();
        assertThat(plane.ledger.view(new NodeName("web-1"))).isEmpty();
        assertThat(plane.told.events().received())
                .as("a node that said goodbye is not lost")
                .containsExactly(
                        "connected web-1",
                        "tripped web-1/b/1",
                        "killed web-1/b/2",
                        "tripped web-1/b/1",
                        "killed web-1/b/2",
                        "left web-1");
    }

    @Test
    void a_kill_that_a_sidecar_obeys_is_told_with_every_report_also_one_of_changes()
            throws Exception {
        DeltaSubscription gates = plane.ads().delta(GATES, Nodes.sluice("web-1", 1));
        gates.subscribe(GATE, "gates/orders");
        gates.awaitResponse();
        GrpcClientCall<EvidenceReport, EvidenceReceipt> call =
                plane.grpc().open(EvidenceServiceGrpc.getStreamEvidenceMethod(), new Metadata());
        EvidenceReport.Builder killed = report().clearTrips().clearLocalKills();
        killed.getAppliedBuilder(0).getRevisionBuilder().setNumber(2_011);
        killed.getAppliedBuilder(0)
                .setKill(Kill.newBuilder().setReason("wrong totals").setActor("ada"));

        call.send(killed.setSequence(1).build());
        call.nextMessage();
        call.send(killed.clearApplied().setAppliedSince(1).setSequence(2).build());
        call.nextMessage();

        assertThat(plane.told.events().received())
                .containsExactly(
                        "connected web-1",
                        "obeyed gates/orders 1.2011 wrong totals, by ada",
                        "obeyed gates/orders 1.2011 wrong totals, by ada");
    }

    /** As when a process hands its sockets over: its successor is the same node. */
    @Test
    void a_run_that_says_goodbye_takes_no_node_away_whose_next_run_has_come() throws Exception {
        DeltaSubscription before = plane.ads().delta(GATES, Nodes.sluice("web-1", 1));
        before.subscribe(GATE, "gates/orders");
        before.awaitResponse();
        DeltaSubscription after = plane.ads().delta(GATES, Nodes.sluice("web-1", 1));
        after.subscribe(GATE, "gates/orders");
        after.awaitResponse();
        GrpcClientCall<EvidenceReport, EvidenceReceipt> call =
                plane.grpc().open(EvidenceServiceGrpc.getStreamEvidenceMethod(), new Metadata());
        call.send(report().setSequence(1).build());
        call.nextMessage();
        call.send(report().setSequence(1).setBootId("0b".repeat(16)).build());
        call.nextMessage();

        call.send(report().setSequence(2).setGoodbye(true).build());
        call.nextMessage();
        before.end();
        assertThat(before.awaitEnd().isOk()).isTrue();

        assertThat(view("web-1").gates()).as("of the run that stays").containsKey(Shop.ORDERS);
        assertThat(plane.told.events().received()).doesNotContain("left web-1", "lost web-1");
        assertThat(plane.evidence.lastHeard()).containsKey(new NodeName("web-1"));

        after.end();
        assertThat(after.awaitEnd().isOk()).isTrue();
        plane.told.events().next("the run that broke off", "lost web-1"::equals);
    }

    @Test
    void reports_of_changes_say_what_is_another_since_the_one_before() throws Exception {
        DeltaSubscription gates = plane.ads().delta(GATES, Nodes.sluice("web-1", 1));
        gates.subscribe(GATE, "gates/orders");
        gates.awaitResponse();
        GrpcClientCall<EvidenceReport, EvidenceReceipt> call =
                plane.grpc().open(EvidenceServiceGrpc.getStreamEvidenceMethod(), new Metadata());
        EvidenceReport.Builder first = report().setSequence(1);
        first.addAppliedBuilder()
                .setGate("gates/users")
                .setRevision(first.getApplied(0).getRevision());
        EvidenceReport.Builder changes = report().clearApplied();

        call.send(first.build());
        boolean isKnown = call.nextMessage().getTakesChanges();
        call.send(changes.setSequence(2).setAppliedSince(1).build());
        call.nextMessage();
        var unchanged = view("web-1").gates().keySet();
        call.send(changes.setSequence(3).setAppliedSince(2).addReleased("gates/users").build());
        call.nextMessage();
        var released = view("web-1").gates().keySet();
        call.send(changes.setSequence(4).setAppliedSince(1).build());

        assertThat(isKnown).isTrue();
        assertThat(unchanged).containsExactlyInAnyOrder(Shop.ORDERS, new GateName("users"));
        assertThat(released).containsExactly(Shop.ORDERS);
        assertInvalid(
                call.awaitClosed().status(),
                "evidence of node \"web-1\": applied_since 1 (expected 0 or 3, the last of this"
                        + " stream)");
    }

    @Test
    void changes_since_a_report_of_another_stream_are_refused() {
        GrpcClientCall<EvidenceReport, EvidenceReceipt> call =
                plane.grpc().open(EvidenceServiceGrpc.getStreamEvidenceMethod(), new Metadata());

        call.send(report().setSequence(2).setAppliedSince(1).build());

        assertInvalid(
                call.awaitClosed().status(),
                "evidence of node \"web-1\": applied_since 1 (expected 0: no report of this stream"
                        + " was taken)");
    }

    @Test
    void a_bad_report_is_refused_and_counts_nothing() {
        GrpcClientCall<EvidenceReport, EvidenceReceipt> call =
                plane.grpc().open(EvidenceServiceGrpc.getStreamEvidenceMethod(), new Metadata());
        EvidenceReport.Builder bad = report().setSequence(1);
        bad.getAppliedBuilder(0).getTimeBuilder().setNanos(-1);

        call.send(bad.build());

        assertInvalid(call.awaitClosed().status(), "evidence of node \"web-1\": time of");
        assertThat(plane.evidence.of(Shop.ORDERS, plane.revision()).fresh().share().requests())
                .isZero();
    }

    @Test
    void a_node_is_connected_by_its_first_stream_and_lost_with_its_last() throws Exception {
        DeltaSubscription ads = plane.ads().delta(Nodes.sluice("web-1", 1));
        DeltaSubscription gates = plane.ads().delta(GATES, Nodes.sluice("web-1", 1));
        started(ads);
        gates.subscribe(GATE, "gates/orders");
        gates.awaitResponse();
        plane.await("the node to settle", () -> settled("web-1"));
        assertThat(plane.ledger.forget(new NodeName("web-1"))).as("while connected").isFalse();

        ads.cancel();
        plane.await(
                "one stream to go",
                () -> plane.ledger.nodes().stream().noneMatch(LiveNode::hasStructure));
        assertThat(view("web-1").connected()).isTrue();
        gates.cancel();

        assertThat(plane.told.events().next()).isEqualTo("connected web-1");
        assertThat(plane.told.events().next()).isEqualTo("lost web-1");
        plane.await("the node to go", () -> !view("web-1").connected());
        assertThat(view("web-1").types()).as("what it had last").hasSize(3);
        assertThat(plane.ledger.forget(new NodeName("web-1"))).isTrue();
        assertThat(plane.ledger.views()).isEmpty();
    }

    /** Asks as Envoy does, and accepts; returns the routes. */
    private static RouteConfiguration started(SotwSubscription node) throws Exception {
        node.subscribe(CLUSTER);
        node.ack(node.awaitResponse(CLUSTER));
        node.subscribe(LISTENER);
        node.ack(node.awaitResponse(LISTENER));
        node.subscribe(ROUTE, Shop.OUTBOUND);
        DiscoveryResponse routes = node.awaitResponse(ROUTE);
        node.ack(routes);
        return routes.getResources(0).unpack(RouteConfiguration.class);
    }

    private static void started(DeltaSubscription node) {
        node.subscribe(CLUSTER);
        node.ack(node.awaitResponse(CLUSTER));
        node.subscribe(LISTENER);
        node.ack(node.awaitResponse(LISTENER));
        node.subscribe(ROUTE, Shop.OUTBOUND);
        node.ack(node.awaitResponse(ROUTE));
    }

    private EvidenceReport.Builder report() {
        var revision =
                dev.sluice.gate.v1.GateRevision.newBuilder()
                        .setEpoch(plane.revision().epoch())
                        .setNumber(plane.revision().number());
        return EvidenceReport.newBuilder()
                .setNodeId("web-1")
                .setBootId(BOOT)
                .addApplied(AppliedGate.newBuilder().setGate("gates/orders").setRevision(revision))
                .addTrips(Trip.newBuilder().setId("web-1/b/1").setGate("gates/orders"))
                .addLocalKills(LocalKill.newBuilder().setId("web-1/b/2").setGate("gates/orders"))
                .addGates(
                        GateEvidence.newBuilder()
                                .setGate("gates/orders")
                                .setRevision(revision)
                                .setArm(Arm.NEW)
                                .setOperation("read")
                                .setShare(Outcomes.newBuilder().setRequests(10).setSuccesses(10)));
    }

    private static List<Integer> weights(RouteConfiguration routes) {
        List<Integer> weights = new ArrayList<>();
        routes.getVirtualHosts(0)
                .getRoutes(0)
                .getRoute()
                .getWeightedClusters()
                .getClustersList()
                .forEach(cluster -> weights.add(cluster.getWeight().getValue()));
        return weights;
    }

    private boolean settled(String node) {
        return plane.xds.hasAccepted(new NodeName(node), 0);
    }

    private boolean refuses(String node) {
        return view(node).types().stream().anyMatch(type -> !type.refusal().isEmpty());
    }

    private List<String> withheld(String node) {
        return view(node).types().stream().flatMap(type -> type.withheld().stream()).toList();
    }

    private NodeView view(String node) {
        return plane.ledger.view(new NodeName(node)).orElseThrow();
    }

    private static String v(String id) {
        return "services/orders/versions/" + id;
    }

    private static void assertInvalid(Status status, String words) {
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription()).contains(words);
    }
}
