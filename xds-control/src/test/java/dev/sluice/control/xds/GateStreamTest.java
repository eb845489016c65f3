package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Event;
import dev.sluice.control.evidence.GateNames;
import dev.sluice.control.snapshot.Shop;
import dev.sluice.gate.v1.Kill;
import dev.sluice.testkit.ManualClock;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GateStreamTest {
    private static final String ORDERS = "gates/orders";

    private final Shop shop = Shop.open(250_000);
    private final GateHub hub = new GateHub();
    private final GateNames names = new GateNames();
    private final Told told = new Told();
    private final NodeLedger ledger = new NodeLedger(new ManualClock(), told);
    private final Responses<DeltaDiscoveryResponse> responses = new Responses<>();
    private final GateStream stream = new GateStream(hub, ledger, names, responses);

    @BeforeEach
    void publish_the_shop() {
        hub.add(stream);
        hub.update(shop.catalog());
    }

    @Test
    void a_node_gets_the_gates_it_names_and_hears_of_those_that_do_not_exist() {
        stream.onNext(
                first(1).addResourceNamesSubscribe(ORDERS)
                        .addResourceNamesSubscribe("gates/none")
                        .build());

        DeltaDiscoveryResponse response = responses.next();
        assertThat(response.getResourcesList())
                .extracting(found -> found.getName())
                .containsExactly(ORDERS);
        assertThat(response.getRemovedResourcesList()).containsExactly("gates/none");
        assertThat(response.getTypeUrl()).isEqualTo("type.googleapis.com/sluice.gate.v1.Gate");
        assertThat(responses.isEmpty()).isTrue();
    }

    @Test
    void before_the_first_state_no_gate_is_told_absent() {
        GateHub early = new GateHub();
        GateStream waiting = new GateStream(early, ledger, names, responses);
        early.add(waiting);

        waiting.onNext(first(1).addResourceNamesSubscribe(ORDERS).build());

        assertThat(responses.isEmpty()).isTrue();
        early.update(shop.catalog());
        assertThat(responses.next().getResourcesCount()).isEqualTo(1);
    }

    @Test
    void a_change_of_a_share_is_one_small_resource() {
        subscribed();

        hub.update(shop.gate(gate -> gate.setSharePpm(500_000)).catalog());

        DeltaDiscoveryResponse response = responses.next();
        assertThat(response.getResourcesCount()).isEqualTo(1);
        assertThat(response.getSerializedSize()).isLessThan(1_000);
    }

    @Test
    void a_state_that_changes_no_gate_of_a_node_costs_it_nothing() {
        subscribed();

        hub.update(shop.routeToVersion("other").catalog());

        assertThat(responses.isEmpty()).isTrue();
    }

    @Test
    void a_kill_that_is_recorded_as_it_is_out_is_sent_once() {
        subscribed();
        Catalog killed = shop.overlaid(gate -> gate.setKill(Kill.newBuilder().setReason("errors")));
        hub.kill(killed, Set.of(Shop.ORDERS));
        String out = responses.next().getResources(0).getVersion();

        hub.update(killed);
        hub.update(
                shop.with(
                                new Event.GatesRevised(
                                        Event.GatesRevised.Action.KILLED,
                                        List.of(killed.gate(Shop.ORDERS).orElseThrow().spec())))
                        .catalog());

        assertThat(hub.find(Shop.ORDERS).orElseThrow().resource().version()).isEqualTo(out);
        assertThat(responses.isEmpty()).isTrue();
    }

    @Test
    void a_slow_node_gets_the_last_of_several_changes() {
        subscribed();
        responses.stall();
        hub.update(shop.gate(gate -> gate.setSharePpm(1)).catalog());
        hub.update(shop.gate(gate -> gate.setSharePpm(2)).catalog());
        assertThat(responses.isEmpty()).isTrue();

        responses.flow();

        assertThat(responses.next().getResources(0).getVersion())
                .isEqualTo(hub.find(Shop.ORDERS).orElseThrow().resource().version());
        assertThat(responses.isEmpty()).isTrue();
    }

    @Test
    void a_node_with_a_later_revision_is_parked_until_we_know_as_much() {
        Shop later = Shop.open(1);
        later.gate(gate -> gate.setSharePpm(2));
        GateHub ours = new GateHub();
        ours.update(later.catalog());
        String version = ours.find(Shop.ORDERS).orElseThrow().resource().version();
        stream.onNext(
                first(1).addResourceNamesSubscribe(ORDERS)
                        .putInitialResourceVersions(ORDERS, version)
                        .build());

        assertThat(responses.isEmpty()).as("it would refuse what we have").isTrue();
        assertThat(refusals())
                .isEqualTo(
                        Map.of(
                                Shop.ORDERS,
                                "parked: the node has revision 1.2, this control plane only 1.1;"
                                        + " is this an old copy of the log?"));
        hub.update(shop.gate(gate -> gate.setSharePpm(7)).catalog());
        assertThat(responses.next().getResourcesCount()).isEqualTo(1);
        assertThat(refusals()).isEmpty();
    }

    @Test
    void a_gate_that_came_and_went_between_two_states_is_told_gone_to_who_has_it() {
        stream.onNext(
                first(1).addResourceNamesSubscribe("gates/young")
                        .putInitialResourceVersions("gates/young", "1.1-" + "0".repeat(16))
                        .build());
        assertThat(responses.isEmpty()).as("it may be of a later state").isTrue();

        hub.update(
                shop.with(
                                new Event.GatesRevised(
                                        Event.GatesRevised.Action.CREATED,
                                        List.of(Shop.young("young"))))
                        .with(new Event.GateDeleted(new GateName("young")))
                        .catalog());

        assertThat(responses.next().getRemovedResourcesList()).containsExactly("gates/young");
    }

    @Test
    void an_answer_brings_no_gate_that_was_there_before() {
        subscribed();
        hub.update(shop.gate(gate -> gate.setSharePpm(9)).catalog());

        stream.onNext(request().setResponseNonce(responses.next().getNonce()).build());

        assertThat(responses.isEmpty()).isTrue();
    }

    @Test
    void a_gate_that_we_never_saw_is_not_gone_and_one_that_we_deleted_is() {
        stream.onNext(
                first(1).addResourceNamesSubscribe("gates/young")
                        .addResourceNamesSubscribe(ORDERS)
                        .putInitialResourceVersions("gates/young", "1.1-" + "0".repeat(16))
                        .putInitialResourceVersions(ORDERS, "1.1-" + "0".repeat(16))
                        .build());

        DeltaDiscoveryResponse response = responses.next();
        assertThat(response.getRemovedResourcesList()).isEmpty();
        assertThat(response.getResourcesCount()).isEqualTo(1);
        hub.update(shop.with(new Event.GateDeleted(Shop.ORDERS)).catalog());
        assertThat(responses.next().getRemovedResourcesList()).containsExactly(ORDERS);
    }

    @Test
    void who_lost_a_later_revision_gets_what_we_have() {
        stream.onNext(
                first(1).addResourceNamesSubscribe(ORDERS)
                        .putInitialResourceVersions(ORDERS, "9.9-" + "0".repeat(16))
                        .build());
        assertThat(responses.isEmpty()).isTrue();

        stream.onNext(request().addResourceNamesSubscribe(ORDERS).build());

        assertThat(responses.next().getResourcesCount()).isEqualTo(1);
    }

    @Test
    void a_refused_gate_waits_for_another_revision_and_the_refusal_is_known() {
        stream.onNext(first(1).addResourceNamesSubscribe(ORDERS).build());

        stream.onNext(
                request()
                        .setResponseNonce(responses.next().getNonce())
                        .setErrorDetail(Status.newBuilder().setMessage("no cluster"))
                        .build());

        assertThat(responses.isEmpty()).isTrue();
        assertThat(refusals()).isEqualTo(Map.of(Shop.ORDERS, "no cluster"));
        hub.update(shop.gate(gate -> gate.setSharePpm(1)).catalog());
        stream.onNext(request().setResponseNonce(responses.next().getNonce()).build());
        assertThat(refusals()).isEmpty();
    }

    @Test
    void a_refusal_without_words_is_a_refusal() {
        stream.onNext(first(1).addResourceNamesSubscribe(ORDERS).build());

        stream.onNext(
                request()
                        .setResponseNonce(responses.next().getNonce())
                        .setErrorDetail(Status.newBuilder().setCode(3))
                        .build());

        assertThat(refusals()).containsOnlyKeys(Shop.ORDERS);
    }

    @Test
    void a_returning_node_gets_what_changed_and_what_went_while_it_was_away() {
        String version = hub.find(Shop.ORDERS).orElseThrow().resource().version();

        stream.onNext(
                first(1).putInitialResourceVersions(ORDERS, version)
                        .putInitialResourceVersions("gates/gone", "1")
                        .addResourceNamesSubscribe(ORDERS)
                        .addResourceNamesSubscribe("gates/gone")
                        .build());

        DeltaDiscoveryResponse response = responses.next();
        assertThat(response.getResourcesList()).isEmpty();
        assertThat(response.getRemovedResourcesList()).containsExactly("gates/gone");
    }

    @Test
    void a_returning_node_that_has_everything_hears_nothing() {
        String version = hub.find(Shop.ORDERS).orElseThrow().resource().version();

        stream.onNext(
                first(1).putInitialResourceVersions(ORDERS, version)
                        .addResourceNamesSubscribe(ORDERS)
                        .build());

        assertThat(responses.isEmpty()).isTrue();
    }

    @Test
    void a_deleted_gate_is_told_once() {
        subscribed();

        hub.update(shop.with(new Event.GateDeleted(Shop.ORDERS)).catalog());
        assertThat(responses.next().getRemovedResourcesList()).containsExactly(ORDERS);

        hub.update(shop.routeToVersion("other").catalog());
        assertThat(responses.isEmpty()).isTrue();
    }

    @Test
    void who_subscribes_again_gets_it_again_and_who_unsubscribes_hears_no_more() {
        subscribed();

        stream.onNext(request().addResourceNamesSubscribe(ORDERS).build());
        assertThat(responses.next().getResourcesCount()).isEqualTo(1);

        stream.onNext(request().addResourceNamesUnsubscribe(ORDERS).build());
        hub.update(shop.gate(gate -> gate.setSharePpm(1)).catalog());
        assertThat(responses.isEmpty()).isTrue();
    }

    @Test
    void a_gate_of_a_later_contract_than_a_node_knows_does_not_exist_for_it() {
        stream.onNext(first(0).addResourceNamesSubscribe(ORDERS).build());

        assertThat(responses.next().getRemovedResourcesList()).containsExactly(ORDERS);
    }

    @Test
    void a_name_that_is_none_of_a_gate_is_absent() {
        stream.onNext(first(1).addResourceNamesSubscribe("*").build());

        assertThat(responses.next().getRemovedResourcesList()).containsExactly("*");
    }

    @Test
    void a_node_without_an_id_another_type_or_a_foreign_nonce_ends_the_stream() {
        stream.onNext(request().build());
        assertThat(responses.endings()).singleElement().asString().contains("node.id");

        for (DeltaDiscoveryRequest wrong :
                new DeltaDiscoveryRequest[] {
                    request().setTypeUrl("type.example/Other").build(),
                    request().setResponseNonce("77").build()
                }) {
            Responses<DeltaDiscoveryResponse> out = new Responses<>();
            GateStream other = new GateStream(hub, ledger, names, out);
            hub.add(other);
            other.onNext(first(1).build());
            other.onNext(wrong);
            other.onNext(wrong);
            other.onCompleted();
            assertThat(out.endings())
                    .as("once, whatever comes after")
                    .singleElement()
                    .asString()
                    .startsWith("INVALID_ARGUMENT")
                    .contains("expected");
        }
    }

    @Test
    void names_without_end_end_the_stream() {
        DeltaDiscoveryRequest.Builder many = first(1);
        for (int i = 0; i < AskedNames.MOST; i++) {
            many.addResourceNamesSubscribe("gates/g" + i);
        }
        stream.onNext(many.build());
        assertThat(responses.endings()).isEmpty();

        stream.onNext(request().addResourceNamesSubscribe("gates/one-more").build());

        assertThat(responses.endings())
                .singleElement()
                .asString()
                .contains("100001 names on one stream");
    }

    @Test
    void a_stream_that_ended_is_lost_and_hears_no_more() {
        subscribed();
        assertThat(told.events().next()).isEqualTo("connected web-1");

        responses.cancelled();
        stream.onError(new IllegalStateException("again"));
        hub.update(shop.gate(gate -> gate.setSharePpm(1)).catalog());

        assertThat(told.events().received()).containsExactly("connected web-1", "lost web-1");
        assertThat(responses.isEmpty()).isTrue();
        assertThat(responses.endings()).as("there is nobody to tell").isEmpty();
    }

    @Test
    void a_node_that_ends_its_stream_is_answered() {
        subscribed();

        stream.onCompleted();

        assertThat(responses.endings()).containsExactly("OK");
    }

    private void subscribed() {
        stream.onNext(first(1).addResourceNamesSubscribe(ORDERS).build());
        stream.onNext(request().setResponseNonce(responses.next().getNonce()).build());
        assertThat(responses.isEmpty()).isTrue();
    }

    private Map<GateName, String> refusals() {
        return ledger.view(new NodeName("web-1")).orElseThrow().refusals();
    }

    private static DeltaDiscoveryRequest.Builder first(int contract) {
        return request().setNode(Nodes.sluice("web-1", contract));
    }

    private static DeltaDiscoveryRequest.Builder request() {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(GateStream.TYPE_URL);
    }
}
