package dev.sluice.control.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.web.Status.MigrationRow;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MigrationRowsTest {
    private static final MigrationName NAMES = new MigrationName("names");
    private static final MigrationRows ROWS =
            new MigrationRows(migration ->
                    List.of(
                            Refusal.of(
                                    Refusal.Kind.PRECONDITION,
                                    "windows",
                                    migration.name() + " in a freeze",
                                    "an open window",
                                    "wait")));

    private Catalog catalog = Catalog.EMPTY;

    @Test
    void a_migration_that_rests_shows_its_walk_and_what_stands_against_the_next_phase() {
        happened(planned("names"));
        happened(moved(Progress.RESTING));

        assertThat(ROWS.of(catalog))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.phases()).startsWith("EXPAND", "BACKFILL").endsWith("DONE");
                    assertThat(row.phase()).isEqualTo("BACKFILL");
                    assertThat(row.message()).isEqualTo("its rows are copied");
                    assertThat(row.blockers())
                            .containsExactly(
                                    "windows: migrations/names in a freeze"
                                            + " (expected an open window); wait");
                });
    }

    @Test
    void one_that_is_on_its_way_or_held_is_asked_for_no_blockers() {
        happened(planned("names"));
        happened(moved(Progress.MOVING));
        assertThat(ROWS.of(catalog)).extracting(MigrationRow::blockers).containsOnly(List.of());

        happened(moved(Progress.RESTING));
        happened(new Event.MigrationPaused(NAMES));
        assertThat(ROWS.of(catalog))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.state()).isEqualTo("PAUSED");
                    assertThat(row.blockers()).isEmpty();
                });
    }

    @Test
    void open_ones_come_first() {
        happened(planned("a"));
        happened(planned("b"));
        happened(new Event.MigrationAbandoned(new MigrationName("a"), "not needed"));

        assertThat(ROWS.of(catalog))
                .extracting(MigrationRow::name)
                .containsExactly("migrations/b", "migrations/a");
    }

    private static Event planned(String id) {
        return new Event.MigrationPut(
                Fixtures.migration(id, "g", StoreKind.SHARED, List.of("shop/customers")));
    }

    private static Event moved(Progress progress) {
        return new Event.MigrationMoved(
                NAMES, Phase.BACKFILL, progress, Optional.empty(), "its rows are copied");
    }

    private void happened(Event event) {
        catalog = catalog.apply(HashChain.link(catalog.head(), 1, Fixtures.STAMP, event));
    }
}
