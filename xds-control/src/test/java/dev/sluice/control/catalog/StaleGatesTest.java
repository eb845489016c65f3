package dev.sluice.control.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.snapshot.Shop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StaleGatesTest {
    private static final Instant MONTH_LATER = Fixtures.START.plus(Duration.ofDays(30));

    @Test
    void a_gate_that_rests_for_a_month_is_stale() {
        Shop shop = Shop.open(1_000_000);

        assertThat(reasons(shop, MONTH_LATER.minusSeconds(1))).isEmpty();
        assertThat(reasons(shop, MONTH_LATER))
                .singleElement()
                .asString()
                .contains("rests at", Fixtures.START.toString());
        assertThat(reasons(Shop.open(0), MONTH_LATER)).hasSize(1);
        assertThat(reasons(Shop.open(500_000), MONTH_LATER)).as("between its modes").isEmpty();
    }

    @Test
    void one_that_a_migration_moves_is_not() {
        Shop shop =
                Shop.open(0)
                        .with(
                                new Event.MigrationPut(
                                        Fixtures.migration(
                                                "m", "orders", StoreKind.SHARED, List.of())));

        assertThat(reasons(shop, MONTH_LATER)).isEmpty();
    }

    @Test
    void one_that_has_expired_is_whatever_moves_it() {
        Shop shop = Shop.open(500_000);
        GateSpec spec = shop.catalog().gate(Shop.ORDERS).orElseThrow().spec();
        shop.with(
                new Event.GatesRevised(
                        Action.UPDATED,
                        List.of(
                                new GateSpec(
                                        spec.content(),
                                        spec.description(),
                                        Optional.of(Fixtures.START),
                                        Optional.empty()))));

        assertThat(reasons(shop, Fixtures.START))
                .containsExactly("it has expired at " + Fixtures.START);
        assertThat(reasons(shop, Fixtures.START.minusSeconds(1))).isEmpty();
    }

    private static List<String> reasons(Shop shop, Instant now) {
        return StaleGates.reasons(
                shop.catalog(), shop.catalog().gate(Shop.ORDERS).orElseThrow(), now);
    }
}
