package dev.sluice.control.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testkit.Seeds;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PersistentMapTest {
    @Test
    void agrees_with_a_tree_map_and_never_changes_what_it_was() {
        RandomGenerator random = Seeds.printed("persistent map").generator();
        TreeMap<Integer, Integer> model = new TreeMap<>();
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        List<PersistentMap<Integer, Integer>> before = new ArrayList<>();
        List<List<Integer>> values = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            int key = random.nextInt(200);
            if (random.nextInt(3) == 0) {
                model.remove(key);
                map = map.without(key);
            } else {
                model.put(key, step);
                map = map.with(key, step);
            }
            if (step % 100 == 0) {
                before.add(map);
                values.add(List.copyOf(model.values()));
            }
            assertThat(map.size()).isEqualTo(model.size());
            assertThat(map.get(key).isPresent()).isEqualTo(model.containsKey(key));
        }
        assertThat(map.values()).containsExactlyElementsOf(model.values());
        for (int i = 0; i < before.size(); i++) {
            assertThat(before.get(i).values()).containsExactlyElementsOf(values.get(i));
        }
    }

    @Test
    void is_equal_by_entries_whatever_the_order_they_came_in() {
        PersistentMap<Integer, String> up = PersistentMap.empty();
        PersistentMap<Integer, String> down = PersistentMap.empty();
        for (int i = 0; i < 100; i++) {
            up = up.with(i, "v" + i);
            down = down.with(99 - i, "v" + (99 - i));
        }

        assertThat(up).isEqualTo(down).hasSameHashCodeAs(down).hasToString(down.toString());
        assertThat(up).isNotEqualTo(down.with(5, "other")).isNotEqualTo(down.without(5));
        assertThat(up.with(100, "x").without(7)).isNotEqualTo(up);
        assertThat(up).isNotEqualTo("a map");
    }

    @Test
    void a_walk_past_the_end_is_refused() {
        Iterator<Integer> walk = PersistentMap.<Integer, Integer>empty().values().iterator();
        assertThat(walk).isExhausted();
        assertThatThrownBy(walk::next).isInstanceOf(NoSuchElementException.class);
    }
}
