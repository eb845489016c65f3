package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.CookieMatch;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.Rule;
import dev.sluice.gate.v1.RuleMatch;
import dev.sluice.gate.v1.StoreKind;
import org.junit.jupiter.api.Test;

final class LimitationsTest {
    @Test
    void a_sluice_node_keeps_everything() {
        assertThat(Limitations.of(Shop.open(0).catalog(), Shop.sluice())).isEmpty();
    }

    @Test
    void a_stock_proxy_that_meets_no_gate_lacks_nothing() {
        Shop shop =
                Shop.open(0)
                        .with(new Event.ServicePut(Fixtures.service("web", 0)))
                        .routeToVersion("write");

        assertThat(Limitations.of(shop.catalog(), Shop.envoy())).isEmpty();
    }

    @Test
    void a_stock_proxy_says_once_what_it_lacks_of_every_gate_and_then_of_each() {
        Shop shop =
                Shop.open(0)
                        .with(new Event.RoutePut(Fixtures.routeToGate("orders", "list", "orders")))
                        .gate(gate -> {
                            gate.getBucketingBuilder()
                                    .getKeyBuilder()
                                    .getPathSegmentBuilder()
                                    .setIndex(1);
                            gate.addRules(
                                    Rule.newBuilder()
                                            .setName("staff")
                                            .setArm(Arm.NEW)
                                            .setMatch(
                                                    RuleMatch.newBuilder()
                                                            .addCookies(
                                                                    CookieMatch.newBuilder()
                                                                            .setName("x"))));
                            gate.addRules(
                                    Rule.newBuilder()
                                            .setName("everybody")
                                            .setShare(Empty.getDefaultInstance()));
                        });

        assertThat(Limitations.of(shop.catalog(), Shop.envoy()))
                .hasSize(6)
                .doesNotHaveDuplicates()
                .anyMatch(sentence -> sentence.startsWith("gates/orders: the key"))
                .anyMatch(sentence -> sentence.startsWith("gates/orders: a request without a key"))
                .anyMatch(sentence ->
                        sentence.equals(
                                "gates/orders: rule staff can't be matched and is left out"))
                .noneMatch(sentence -> sentence.contains("everybody"));
    }

    @Test
    void writes_of_two_stores_are_not_raised_past_nodes_that_can_not_hold_them() {
        Shop shop =
                Shop.open(0)
                        .gate(gate ->
                                gate.setStoreKind(StoreKind.SEPARATE)
                                        .setFrom(Mode.SHADOW)
                                        .setTo(Mode.LIVE));

        assertThat(Limitations.of(shop.catalog(), Shop.envoy()))
                .contains(
                        "gates/orders: writes can't be held, and move with reads: its share is not"
                                + " raised while this node is live");
    }

    @Test
    void a_random_arm_for_a_missing_key_is_what_a_stock_proxy_does_anyway() {
        Shop shop =
                Shop.open(0)
                        .gate(gate ->
                                gate.getBucketingBuilder().setRandom(Empty.getDefaultInstance()));

        assertThat(Limitations.of(shop.catalog(), Shop.envoy())).hasSize(3);
    }
}
