package dev.sluice.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.catalog.ResourceChange;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.lifecycle.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChangedResourceTest {
    @Test
    void every_kind_of_resource_is_told_when_an_event_changes_it() throws IOException {
        Set<Class<?>> kinds = new HashSet<>();
        List<ChangedResource> told = new ArrayList<>();
        Catalog at = Catalog.EMPTY;
        for (EventCodec.Line line : golden()) {
            LoggedEvent next = HashChain.link(at.head(), 1, line.stamp(), line.event());
            Catalog after = at.apply(next);
            ResourceChange.between(at, after).stream()
                    .flatMap(change -> change.after().stream())
                    .map(Resource::getClass)
                    .forEach(kinds::add);
            told.addAll(ChangedResource.between(at, after));
            at = after;
        }

        assertThat(kinds).containsExactlyInAnyOrder(Resource.class.getPermittedSubclasses());
        assertThat(told).allMatch(change -> !change.before().equals(change.after()));
    }

    @Test
    void the_same_content_has_the_same_digest_again_and_an_etag_never_has() {
        World world = new World();
        world.accept(new Command.CreateService(Fixtures.service("orders", 8080)));
        Digest first = after(world, "services/orders");
        String etag = etag(world, "services/orders");

        world.accept(new Command.UpdateService(Fixtures.service("orders", 9090)));
        Digest second = after(world, "services/orders");
        world.accept(new Command.UpdateService(Fixtures.service("orders", 8080)));

        assertThat(second).isNotEqualTo(first);
        assertThat(last(world))
                .containsExactly(
                        new ChangedResource(
                                "services/orders", Optional.of(second), Optional.of(first)));
        assertThat(etag(world, "services/orders")).isNotEqualTo(etag);
    }

    @Test
    void a_share_of_a_set_changes_its_gates_and_not_the_set() {
        World world = World.shop(0);
        world.accept(new Command.CreateGateSet(Fixtures.set("shop", "orders", "customers")));
        world.accept(new Command.SetShare(Fixtures.setTarget("shop"), new PartsPerMillion(10_000)));

        assertThat(last(world))
                .extracting(ChangedResource::name)
                .containsExactly("gates/customers", "gates/orders");
        assertThat(last(world))
                .allMatch(change -> change.before().isPresent() && change.after().isPresent());
    }

    @Test
    void what_is_made_has_nothing_before_and_what_is_deleted_nothing_after() {
        World world = new World();
        world.accept(new Command.CreateService(Fixtures.service("orders")));
        Digest made = after(world, "services/orders");
        assertThat(last(world)).allMatch(change -> change.before().isEmpty());

        world.accept(new Command.DeleteService(Fixtures.serviceName("orders")));

        assertThat(last(world))
                .containsExactly(
                        new ChangedResource(
                                "services/orders", Optional.of(made), Optional.empty()));
    }

    private static String etag(World world, String name) {
        return world.catalog().find(name).orElseThrow().meta().etag();
    }

    private static Digest after(World world, String name) {
        return last(world).stream()
                .filter(change -> change.name().equals(name))
                .findFirst()
                .flatMap(ChangedResource::after)
                .orElseThrow();
    }

    /** What the newest event changed, by a replay of the whole log. */
    private static List<ChangedResource> last(World world) {
        Replay replay = new Replay(Catalog.EMPTY);
        List<ChangedResource> last = List.of();
        for (LoggedEvent event : world.log()) {
            last = replay.changes(event);
        }
        return last;
    }

    /** An event of every kind; those that make something come first. */
    private static List<EventCodec.Line> golden() throws IOException {
        try (InputStream in =
                EventCodec.class.getResourceAsStream(
                        "/dev/sluice/control/change/codec/golden-events.jsonl")) {
            List<EventCodec.Line> all =
                    new String(
                                    Objects.requireNonNull(in, "golden events").readAllBytes(),
                                    StandardCharsets.UTF_8)
                            .lines()
                            .map(EventCodec::decode)
                            .toList();
            List<EventCodec.Line> making =
                    all.stream()
                            .filter(line -> !EventCodec.caseName(line.event()).endsWith("deleted"))
                            .toList();
            List<EventCodec.Line> twice = new ArrayList<>(making);
            twice.addAll(all);
            return twice;
        }
    }
}
