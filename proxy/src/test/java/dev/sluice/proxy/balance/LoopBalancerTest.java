package dev.sluice.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.EndpointSet;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Localities;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Panic;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.PanicTraffic;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.SlowStart;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec.Health;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopBalancerTest {
    private static final Policy ROUND_ROBIN = new Policy.RoundRobin(Optional.empty());
    private static final Policy LEAST = new Policy.LeastRequest(2, 1, Optional.empty());

    @Test
    void round_robin_is_exact_by_weight() {
        EndpointSet set =
                Endpoints.set(
                        Endpoints.spec(1, 5, Health.HEALTHY),
                        Endpoints.spec(2, 3, Health.HEALTHY),
                        Endpoints.spec(3, 2, Health.HEALTHY));

        assertThat(Endpoints.counts(Endpoints.balancer(set, ROUND_ROBIN), 1_000))
                .as("choices")
                .allSatisfy((port, count) ->
                        assertThat(count)
                                .as("port %d", port)
                                .isBetween(
                                        Map.of(1, 500, 2, 300, 3, 200).getOrDefault(port, 0) - 2,
                                        Map.of(1, 500, 2, 300, 3, 200).getOrDefault(port, 0) + 2));
    }

    @Test
    void round_robin_of_equals_takes_turns() {
        LoopBalancer balancer =
                Endpoints.balancer(
                        Endpoints.set(Endpoints.spec(1), Endpoints.spec(2), Endpoints.spec(3)),
                        ROUND_ROBIN);

        assertThat(Endpoints.counts(balancer, 300))
                .as("choices")
                .isEqualTo(Map.of(1, 100, 2, 100, 3, 100));
    }

    @Test
    void random_knows_no_weights() {
        LoopBalancer balancer =
                Endpoints.balancer(
                        Endpoints.set(Endpoints.spec(1, 100, Health.HEALTHY), Endpoints.spec(2)),
                        new Policy.Random());

        assertThat(Endpoints.counts(balancer, 1_000).get(2)).as("choices of 2").isBetween(440, 560);
    }

    @Test
    void least_request_prefers_the_idle_endpoint() {
        EndpointSet set = Endpoints.set(Endpoints.spec(1), Endpoints.spec(2));
        busy(set.all().getFirst(), 10);

        assertThat(Endpoints.counts(Endpoints.balancer(set, LEAST), 1_000).get(1))
                .as("choices of the busy one: both draws hit it")
                .isBetween(200, 300);
        assertThat(
                        Endpoints.counts(
                                Endpoints.balancer(
                                        set,
                                        new Policy.LeastRequest(
                                                Policy.LeastRequest.ALL, 1, Optional.empty())),
                                100))
                .as("choices of a full scan")
                .isEqualTo(Map.of(2, 100));
    }

    @Test
    void least_request_divides_unequal_weights_by_the_requests_under_way() {
        EndpointSet set = Endpoints.set(Endpoints.spec(1, 4, Health.HEALTHY), Endpoints.spec(2));
        busy(set.all().getFirst(), 3);

        assertThat(Endpoints.counts(Endpoints.balancer(set, LEAST), 1_000).get(1))
                .as("choices of weight 4 / (3 + 1)")
                .isBetween(495, 505);
        assertThat(
                        Endpoints.counts(
                                        Endpoints.balancer(
                                                set,
                                                new Policy.LeastRequest(2, 0, Optional.empty())),
                                        1_000)
                                .get(1))
                .as("choices of weight 4 without bias")
                .isBetween(795, 805);
    }

    @Test
    void peak_ewma_leaves_the_slow_endpoint_and_comes_back_to_it() {
        MockTicker ticker = Ticker.newMockTicker();
        EndpointSet set = Endpoints.set(Endpoints.spec(1), Endpoints.spec(2));
        Policy.PeakEwma policy =
                new Policy.PeakEwma(2, Duration.ofSeconds(10), Duration.ofMillis(30));
        LoopBalancer balancer = Endpoints.balancer(set, BalancingSpec.of(policy), ticker);
        see(set.all().get(0), Duration.ofMillis(500), ticker, policy);
        see(set.all().get(1), Duration.ofMillis(5), ticker, policy);

        assertThat(Endpoints.counts(balancer, 1_000).get(1))
                .as("choices of the slow one: both draws hit it")
                .isBetween(200, 300);
        ticker.advance(60, TimeUnit.SECONDS);
        see(set.all().get(1), Duration.ofMillis(5), ticker, policy);
        assertThat(Endpoints.counts(balancer, 1_000).get(1))
                .as("choices of the slow one after six decay times")
                .isGreaterThan(700);
    }

    @Test
    void slow_start_raises_the_share_of_a_new_endpoint() {
        MockTicker ticker = Ticker.newMockTicker();
        EndpointSet set = Endpoints.set(Endpoints.spec(1), Endpoints.spec(2));
        ticker.advance(1000, TimeUnit.SECONDS);
        set.all().get(1).health().readmit(ticker.nanoTime());
        LoopBalancer balancer =
                Endpoints.balancer(
                        set,
                        BalancingSpec.of(
                                new Policy.RoundRobin(
                                        Optional.of(
                                                new SlowStart(Duration.ofSeconds(100), 1, 0.1)))),
                        ticker);

        assertThat(Endpoints.counts(balancer, 1_100).get(2))
                .as("choices at a tenth of its weight")
                .isBetween(98, 102);
        ticker.advance(50, TimeUnit.SECONDS);
        assertThat(Endpoints.counts(balancer, 300).get(2))
                .as("choices at half of its weight")
                .isBetween(95, 105);
        ticker.advance(50, TimeUnit.SECONDS);
        assertThat(Endpoints.counts(balancer, 200).get(2))
                .as("choices at all of its weight")
                .isBetween(98, 102);
    }

    @Test
    void localities_share_by_weight_less_what_is_unhealthy_of_them() {
        EndpointSet set =
                Endpoints.set(
                        Endpoints.locality("a", 0, 1, Endpoints.spec(1), Endpoints.spec(2)),
                        Endpoints.locality(
                                "b",
                                0,
                                2,
                                Endpoints.spec(3),
                                Endpoints.spec(4, 1, Health.UNHEALTHY)),
                        Endpoints.locality("c", 0, 0, Endpoints.spec(5)));
        LoopBalancer balancer =
                Endpoints.balancer(
                        set,
                        new BalancingSpec(ROUND_ROBIN, Localities.WEIGHTED, Panic.DEFAULT),
                        Ticker.systemTicker());

        Map<Integer, Integer> counts = Endpoints.counts(balancer, 2_400);
        assertThat(counts.get(3)).as("2 x min(1, 1.4 x 1/2) of 2.4").isBetween(1_398, 1_402);
        assertThat(counts).as("a locality without weight gets nothing").doesNotContainKey(5);
    }

    @Test
    void degraded_endpoints_serve_only_what_the_healthy_ones_can_not() {
        EndpointSet set =
                Endpoints.set(
                        Endpoints.spec(1),
                        Endpoints.spec(2, 1, Health.DEGRADED),
                        Endpoints.spec(3, 1, Health.DEGRADED),
                        Endpoints.spec(4, 1, Health.DEGRADED));

        assertThat(Endpoints.counts(Endpoints.balancer(set, ROUND_ROBIN), 1_000).get(1))
                .as("choices of the healthy quarter, worth 35 %%")
                .isBetween(300, 400);
    }

    @Test
    void in_panic_all_endpoints_serve_or_none() {
        EndpointSet set =
                Endpoints.set(
                        Endpoints.spec(1, 1, Health.UNHEALTHY),
                        Endpoints.spec(2, 1, Health.UNHEALTHY),
                        Endpoints.spec(3));
        Panic refused = new Panic(50, PanicTraffic.REFUSED);
        Panic never = new Panic(0, PanicTraffic.TO_ALL);

        assertThat(Endpoints.counts(Endpoints.balancer(set, ROUND_ROBIN), 300))
                .as("choices in panic")
                .isEqualTo(Map.of(1, 100, 2, 100, 3, 100));
        assertThat(
                        Endpoints.balancer(
                                        set,
                                        new BalancingSpec(ROUND_ROBIN, Localities.EQUAL, refused),
                                        Ticker.systemTicker())
                                .choose(Pick.ANY))
                .as("choice where panic refuses traffic")
                .isEmpty();
        assertThat(
                        Endpoints.counts(
                                Endpoints.balancer(
                                        set,
                                        new BalancingSpec(ROUND_ROBIN, Localities.EQUAL, never),
                                        Ticker.systemTicker()),
                                10))
                .as("choices without panic")
                .isEqualTo(Map.of(3, 10));
    }

    @Test
    void no_endpoint_is_no_choice() {
        assertThat(Endpoints.balancer(EndpointSet.EMPTY, ROUND_ROBIN).choose(Pick.ANY))
                .as("choice")
                .isEmpty();
    }

    private static void busy(Endpoint endpoint, int requests) {
        for (int i = 0; i < requests; i++) {
            endpoint.load().begin();
        }
    }

    private static void see(
            Endpoint endpoint, Duration took, Ticker ticker, Policy.PeakEwma policy) {
        endpoint.load()
                .latency()
                .observe(took.toNanos(), ticker.nanoTime(), policy.decay().toNanos());
    }
}
