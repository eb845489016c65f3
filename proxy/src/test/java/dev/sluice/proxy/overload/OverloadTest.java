package dev.sluice.proxy.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.overload.OverloadSpec;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Action;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Trigger;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import dev.sluice.testkit.Seeds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OverloadTest {
    private final AtomicLong memory = new AtomicLong();
    private final RandomGenerator random = Seeds.printed("shares of what is shed").generator();
    private final Overload overload =
            new Overload(
                    new OverloadSpec(
                            OverloadSpec.REFRESH,
                            OptionalLong.of(1_000),
                            OptionalLong.of(2),
                            Map.of(
                                    Action.STOP_ACCEPTING_REQUESTS,
                                    List.of(new Trigger(0.8, 1), new Trigger(0.95, 0.95)),
                                    Action.STOP_ACCEPTING_CONNECTIONS,
                                    List.of(new Trigger(0.9, 0.9)))),
                    memory::get,
                    new RuntimeLayers(RuntimeSpec.NONE));

    @Test
    void the_runtime_limits_connections_where_no_resource_monitor_does() {
        RuntimeLayers runtime =
                new RuntimeLayers(
                        new RuntimeSpec(
                                List.of(
                                        new RuntimeSpec.Layer(
                                                "a", new RuntimeSpec.Source.Administered()))));
        Overload limited = new Overload(OverloadSpec.NONE, () -> 0, runtime);
        String key = "overload.global_downstream_max_connections";

        assertThat(limited.takeConnection()).as("without a limit").isTrue();
        runtime.administer(Map.of(key, Optional.of(new RuntimeValue.Numeral("1", 1))));
        assertThat(limited.takeConnection()).as("the one before counts").isFalse();
        limited.giveBackConnection();
        assertThat(limited.takeConnection()).isTrue();
    }

    private void inUse(long bytes) {
        memory.set(bytes);
        overload.refresh();
    }

    private int shed() {
        return (int)
                IntStream.range(0, 10_000)
                        .filter(i -> overload.hits(Action.STOP_ACCEPTING_REQUESTS, random))
                        .count();
    }

    @Test
    void nothing_is_shed_before_anything_was_looked_at() {
        memory.set(2_000);

        assertThat(overload.isActive()).isFalse();
        assertThat(shed()).isZero();
    }

    @Test
    void a_scaled_trigger_sheds_a_share_that_grows_with_the_pressure() {
        inUse(800);
        assertThat(overload.isActive()).isFalse();
        inUse(850);
        assertThat(shed()).isBetween(2_200, 2_800);
        assertThat(overload.isFull(Action.STOP_ACCEPTING_REQUESTS)).isFalse();
    }

    @Test
    void the_most_eager_trigger_counts() {
        inUse(950);
        assertThat(shed()).isEqualTo(10_000);
        assertThat(overload.pressure()).isEqualTo(0.95);
    }

    @Test
    void each_action_has_triggers_of_its_own_and_stops_when_the_pressure_does() {
        inUse(899);
        assertThat(overload.isFull(Action.STOP_ACCEPTING_CONNECTIONS)).isFalse();
        inUse(900);
        assertThat(overload.isFull(Action.STOP_ACCEPTING_CONNECTIONS)).isTrue();
        assertThat(overload.hits(Action.REJECT_INCOMING_CONNECTIONS, random)).isFalse();
        inUse(0);
        assertThat(overload.isFull(Action.STOP_ACCEPTING_CONNECTIONS)).isFalse();
        assertThat(overload.isActive()).isFalse();
    }

    @Test
    void a_place_is_taken_until_it_is_given_back() {
        assertThat(overload.takeConnection()).isTrue();
        assertThat(overload.takeConnection()).isTrue();
        assertThat(overload.takeConnection()).as("a third").isFalse();
        overload.giveBackConnection();
        assertThat(overload.takeConnection()).isTrue();
    }

    @Test
    void without_a_limit_every_connection_has_a_place() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(Overload.NONE.takeConnection()).isTrue();
        }
    }

    @Test
    void memory_in_use_is_what_a_collection_left() {
        byte[] alive = new byte[16 * 1024 * 1024];
        System.gc();

        assertThat(new MemoryInUse().getAsLong()).isGreaterThan(alive.length);
    }
}
