package dev.sluice.control.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.catalog.MapDifference.Pair;
import dev.sluice.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MapDifferenceTest {
    @Test
    void what_is_other_is_found_in_the_order_of_keys_and_nothing_else_is() {
        RandomGenerator random = Seeds.printed("map difference").generator();
        TreeMap<Integer, Integer> model = new TreeMap<>();
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int round = 0; round < 500; round++) {
            TreeMap<Integer, Integer> before = new TreeMap<>(model);
            PersistentMap<Integer, Integer> old = map;
            for (int change = random.nextInt(30); change > 0; change--) {
                int key = random.nextInt(300);
                if (random.nextInt(3) == 0) {
                    model.remove(key);
                    map = map.without(key);
                } else {
                    int value = random.nextInt(4);
                    model.put(key, value);
                    map = map.with(key, value);
                }
            }
            assertThat(MapDifference.of(old, map))
                    .as("round %d", round)
                    .isEqualTo(difference(before, model));
        }
        assertThat(MapDifference.of(map, map)).isEmpty();
        assertThat(MapDifference.of(PersistentMap.<Integer, Integer>empty(), map))
                .hasSize(map.size());
        assertThat(MapDifference.of(map, PersistentMap.empty()))
                .allSatisfy(pair -> assertThat(pair.after()).isEmpty())
                .hasSize(map.size());
    }

    private static List<Pair<Integer>> difference(
            Map<Integer, Integer> before, Map<Integer, Integer> after) {
        TreeSet<Integer> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        List<Pair<Integer>> all = new ArrayList<>();
        for (Integer key : keys) {
            Pair<Integer> pair =
                    new Pair<>(
                            Optional.ofNullable(before.get(key)),
                            Optional.ofNullable(after.get(key)));
            if (!pair.before().equals(pair.after())) {
                all.add(pair);
            }
        }
        return all;
    }
}
