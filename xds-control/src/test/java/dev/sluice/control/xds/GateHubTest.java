package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Event;
import dev.sluice.control.snapshot.Shop;
import dev.sluice.gate.v1.Kill;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GateHubTest {
    private final Shop shop = Shop.open(500_000);
    private final GateHub hub = new GateHub();

    @Test
    void a_kill_stays_though_a_state_from_before_it_is_published() {
        Catalog before = shop.catalog();
        hub.update(before);
        Catalog killed = killed();

        hub.kill(killed, Set.of(Shop.ORDERS));
        hub.update(before);

        assertThat(isKilled()).isTrue();
    }

    @Test
    void a_state_with_something_later_ends_what_was_ahead() {
        hub.update(shop.catalog());
        hub.kill(killed(), Set.of(Shop.ORDERS));

        hub.update(shop.gate(gate -> gate.setSharePpm(7)).catalog());

        assertThat(isKilled()).isFalse();
        hub.update(shop.with(new Event.GateDeleted(Shop.ORDERS)).catalog());
        assertThat(hub.find(Shop.ORDERS)).isEmpty();
    }

    @Test
    void a_kill_that_comes_after_something_later_changes_nothing() {
        Catalog killed = killed();
        hub.update(shop.gate(gate -> gate.setSharePpm(7)).catalog());

        hub.kill(killed, Set.of(Shop.ORDERS));

        assertThat(isKilled()).isFalse();
    }

    @Test
    void a_kill_takes_only_the_gates_it_names_and_that_are_there() {
        hub.update(shop.catalog());

        hub.kill(killed(), Set.of(new GateName("other")));

        assertThat(isKilled()).isFalse();
    }

    @Test
    void a_gate_that_was_deleted_meanwhile_does_not_come_back() {
        hub.update(shop.catalog());
        Catalog killed = killed();
        hub.update(shop.with(new Event.GateDeleted(Shop.ORDERS)).catalog());

        hub.kill(killed, Set.of(Shop.ORDERS));

        assertThat(hub.find(Shop.ORDERS)).isEmpty();
    }

    @Test
    void a_kill_that_is_ahead_ends_with_the_last_of_all_gates() {
        hub.update(shop.catalog());
        hub.kill(killed(), Set.of(Shop.ORDERS));

        hub.update(Catalog.EMPTY);

        assertThat(hub.find(Shop.ORDERS)).isEmpty();
    }

    private Catalog killed() {
        return shop.overlaid(
                gate -> gate.setSharePpm(500_000).setKill(Kill.newBuilder().setReason("errors")));
    }

    private boolean isKilled() {
        return hub.find(Shop.ORDERS).orElseThrow().state().content().isKilled();
    }
}
