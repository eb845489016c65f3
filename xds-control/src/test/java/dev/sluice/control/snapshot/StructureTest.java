package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StructureTest {
    @Test
    void a_version_starts_with_the_place_of_the_log_and_ends_with_the_content() {
        Structure one = structure(7, set("a=1"), set("r=1"));
        Structure same = structure(7, set("a=1"), set("r=1"));

        assertThat(one.version(ResourceType.CLUSTER))
                .matches("00000000000000000007-[0-9a-f]{16}")
                .isEqualTo(same.version(ResourceType.CLUSTER))
                .isNotEqualTo(one.version(ResourceType.ROUTE));
        assertThat(one.version(ResourceType.CLUSTER, set("b=1")))
                .startsWith("00000000000000000007-")
                .endsWith(set("b=1").hash());
    }

    @Test
    void a_version_is_ordered_by_epoch_first() {
        Structure old = Structures.ofEpoch(1, structure(900, set("a=1"), set()));
        Structure restored = Structures.ofEpoch(2, structure(7, set("a=1"), set()));

        assertThat(restored.version(ResourceType.CLUSTER))
                .startsWith("00000002000000000007-")
                .isGreaterThan(old.version(ResourceType.CLUSTER));
    }

    @Test
    void a_set_with_something_that_is_gone_bears_a_place_where_it_was_there() {
        Structure structure =
                Structures.withFormer(
                        Structures.of(9, "CLUSTER a=1", "ROUTE r=1"),
                        "7 CLUSTER gone=1",
                        "8 CLUSTER later=1",
                        "3 CLUSTER a=1",
                        "2 ROUTE gone=1");

        assertThat(structure.version(ResourceType.CLUSTER, set("a=1", "gone=1", "later=1")))
                .startsWith("00000000000000000006-");
        assertThat(structure.version(ResourceType.CLUSTER, set("a=1")))
                .startsWith("00000000000000000009-");
    }

    @Test
    void content_is_the_same_at_another_place_of_the_log_and_other_with_something_former() {
        Structure one = Structures.of(7, "CLUSTER a=1", "ROUTE r=1");
        Structure later = one.at(Shop.open(0).catalog());

        assertThat(later.seq()).isEqualTo(Shop.open(0).catalog().seq());
        assertThat(later.hasContentOf(one)).isTrue();
        assertThat(Structures.of(7, "CLUSTER a=2", "ROUTE r=1").hasContentOf(one)).isFalse();
        assertThat(Structures.withFormer(one, "3 CLUSTER gone=1").hasContentOf(one)).isFalse();
    }

    @Test
    void a_hash_is_the_same_however_the_resources_came_and_whatever_the_order_of_a_map() {
        Value one = Value.newBuilder().setNumberValue(1).build();
        Value two = Value.newBuilder().setNumberValue(2).build();
        Struct there = Struct.newBuilder().putFields("a", one).putFields("b", two).build();
        Struct back = Struct.newBuilder().putFields("b", two).putFields("a", one).build();

        assertThat(Versioned.of("x", there).version())
                .isEqualTo(Versioned.of("x", back).version())
                .matches("[0-9a-f]{16}");
        assertThat(set("a=1", "b=1")).isEqualTo(set("b=1", "a=1"));
        assertThat(set("a=1").hash()).isNotEqualTo(set("b=1").hash());
    }

    @Test
    void sets_cannot_be_changed() {
        assertThatThrownBy(() -> set("a=1").byName().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Structure.EMPTY.sets().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void types_are_known_by_their_urls() {
        for (ResourceType type : ResourceType.values()) {
            assertThat(ResourceType.of(type.typeUrl())).contains(type);
        }
        assertThat(ResourceType.of("type.googleapis.com/other")).isEmpty();
        assertThat(List.of(ResourceType.values()).stream().filter(ResourceType::isWildcard))
                .containsExactly(ResourceType.CLUSTER, ResourceType.LISTENER);
    }

    @Test
    void a_set_with_the_same_resources_is_the_same_and_any_other_is_made_anew() {
        ResourceSet all = set("a=1", "b=1");
        List<Versioned> resources = List.copyOf(all.byName().values());

        assertThat(all.with(resources)).isSameAs(all);
        assertThat(all.with(resources.reversed())).isEqualTo(all);
        assertThat(all.with(resources.subList(0, 1))).isEqualTo(set("a=1"));
        assertThat(all.with(set("a=1", "b=2").byName().values())).isEqualTo(set("a=1", "b=2"));
    }

    private static Structure structure(long seq, ResourceSet backends, ResourceSet routes) {
        return new Structure(
                0,
                seq,
                Map.of(
                        ResourceType.CLUSTER, backends,
                        ResourceType.ENDPOINT, backends,
                        ResourceType.LISTENER, routes,
                        ResourceType.ROUTE, routes),
                List.of());
    }

    /** Of {@code name=content}. */
    private static ResourceSet set(String... resources) {
        return ResourceSet.of(
                Arrays.stream(resources)
                        .map(text -> text.split("=", 2))
                        .map(parts -> Versioned.of(parts[0], StringValue.of(parts[1])))
                        .toList());
    }
}
