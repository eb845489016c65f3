package dev.sluice.control.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArrayMapTest {
    private static final Map<String, Integer> ENTRIES = Map.of("b", 2, "a", 1, "c", 3);

    private final ArrayMap<String, Integer> map = ArrayMap.of(ENTRIES);

    @Test
    void it_is_a_map_in_the_order_of_its_keys() {
        assertThat(map).isEqualTo(ENTRIES).hasSize(3);
        assertThat(map.keySet()).containsExactly("a", "b", "c");
        assertThat(map.get("b")).isEqualTo(2);
        assertThat(map.get("d")).isNull();
        assertThat(map.get(null)).isNull();
        assertThat(map.containsKey("c")).isTrue();
        assertThat(map.containsKey("d")).isFalse();
        assertThat(ArrayMap.<String, Integer>of(Map.of())).isEmpty();
    }

    @Test
    void another_value_leaves_the_one_before_as_it_was() {
        ArrayMap<String, Integer> next = map.next(Map.of("b", 20), Set.of());

        assertThat(next).isEqualTo(Map.of("a", 1, "b", 20, "c", 3));
        assertThat(map).isEqualTo(ENTRIES);
    }

    @Test
    void keys_come_and_go() {
        assertThat(map.next(Map.of("d", 4, "a", 10), Set.of()))
                .isEqualTo(Map.of("a", 10, "b", 2, "c", 3, "d", 4));
        assertThat(map.next(Map.of(), Set.of("a", "x"))).isEqualTo(Map.of("b", 2, "c", 3));
        assertThat(map.next(Map.of("a", 10), Set.of("a", "b")))
                .as("what is said to be held is held")
                .isEqualTo(Map.of("a", 10, "c", 3));
    }

    @Test
    void what_differs_is_found_with_the_same_keys_and_with_others() {
        assertThat(map.next(Map.of("b", 20, "c", 3), Set.of()).differing(map)).containsExactly("b");
        assertThat(map.next(Map.of("d", 4, "b", 20), Set.of("a")).differing(map))
                .containsExactlyInAnyOrder("a", "b", "d");
        assertThat(map.differing(ArrayMap.of(ENTRIES))).as("equal, not shared").isEmpty();
    }
}
