package dev.sluice.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.snapshot.cluster.BalancingSpec.HashFunction;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.HashKey;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec.Health;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HashBalancerTest {
    private static final Policy RING =
            new Policy.RingHash(
                    1024, Policy.RingHash.LARGEST, HashFunction.XX_HASH, HashKey.ADDRESS);
    private static final Policy MURMUR =
            new Policy.RingHash(
                    100, Policy.RingHash.LARGEST, HashFunction.MURMUR_HASH_2, HashKey.ADDRESS);
    private static final Policy MAGLEV = new Policy.Maglev(65_537, HashKey.ADDRESS);
    private static final List<String> USERS =
            List.of(
                    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan",
                    "judy", "mallory", "niaj");

    /** Recorded from Envoy 1.40 with the same endpoints and header values. */
    @Test
    void keys_go_to_the_endpoints_that_envoy_sends_them_to() {
        EndpointSpec[] three = {
            Endpoints.spec(18_101),
            Endpoints.spec(18_102, 2, Health.HEALTHY),
            Endpoints.spec(18_103)
        };

        assertThat(owners(RING, three))
                .as("ring of xxHash64")
                .containsExactly(1, 1, 2, 1, 2, 2, 2, 1, 2, 1, 3, 2);
        assertThat(owners(MURMUR, three))
                .as("ring of MurmurHash2")
                .containsExactly(1, 3, 1, 2, 2, 3, 1, 1, 3, 1, 1, 1);
        assertThat(owners(MAGLEV, three))
                .as("Maglev table")
                .containsExactly(2, 2, 3, 3, 2, 2, 2, 3, 1, 2, 1, 2);
    }

    static List<Policy> policies() {
        return List.of(RING, MURMUR, MAGLEV);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void losing_an_endpoint_moves_few_keys_but_its_own(Policy policy) {
        LoopBalancer ten = Endpoints.balancer(Endpoints.set(ports(10)), policy);
        LoopBalancer nine = Endpoints.balancer(Endpoints.set(ports(9)), policy);
        int moved = 0;
        int lost = 0;
        for (int i = 0; i < 10_000; i++) {
            long hash = LongHashFunction.xx().hashLong(i);
            int before = Endpoints.owner(ten, hash);
            lost += before == 10 ? 1 : 0;
            moved += before != 10 && before != Endpoints.owner(nine, hash) ? 1 : 0;
        }

        assertThat(lost).as("keys of the endpoint that went").isBetween(500, 1_700);
        assertThat(moved).as("keys of others that moved, of 9,000").isLessThan(1_800);
    }

    @Test
    void a_ring_whose_points_stay_moves_no_key_of_others() {
        List<HashTable.Share> ten = shares(10);
        List<HashTable.Share> nine =
                shares(10).stream().filter(share -> Endpoints.port(share.endpoint()) != 4).toList();
        HashRing before = HashRing.of(ten, ring(100));
        HashRing after = HashRing.of(nine, ring(100));

        for (int i = 0; i < 10_000; i++) {
            long hash = LongHashFunction.xx().hashLong(i);
            int owner = Endpoints.port(before.owner(hash, 0));
            if (owner != 4) {
                assertThat(Endpoints.port(after.owner(hash, 0))).as("owner").isEqualTo(owner);
            }
        }
    }

    /** So many points of each endpoint whose share is 1. */
    private static Policy.RingHash ring(long points) {
        return new Policy.RingHash(points, points, HashFunction.XX_HASH, HashKey.ADDRESS);
    }

    private static List<HashTable.Share> shares(int count) {
        return Endpoints.set(ports(count)).all().stream()
                .map(one -> new HashTable.Share(one, 1))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("policies")
    void weights_are_shares_of_keys(Policy policy) {
        LoopBalancer balancer =
                Endpoints.balancer(
                        Endpoints.set(
                                Endpoints.spec(1, 1, Health.HEALTHY),
                                Endpoints.spec(2, 3, Health.HEALTHY)),
                        policy);
        int second = 0;
        for (int i = 0; i < 10_000; i++) {
            second += Endpoints.owner(balancer, LongHashFunction.xx().hashLong(i)) == 2 ? 1 : 0;
        }

        assertThat(second).as("keys of the endpoint with three quarters").isBetween(6_800, 8_200);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void an_avoided_endpoint_gives_way_to_another_one(Policy policy) {
        LoopBalancer balancer = Endpoints.balancer(Endpoints.set(ports(3)), policy);
        var owner = balancer.choose(Pick.of(OptionalLong.of(77))).orElseThrow();

        var other =
                balancer.choose(Pick.of(OptionalLong.of(77)).avoiding(List.of(owner), 30))
                        .orElseThrow();

        assertThat(other.address()).as("second choice").isNotEqualTo(owner.address());
    }

    @Test
    void a_ring_has_the_size_that_the_weights_ask_for() {
        var set = Endpoints.set(ports(3));
        List<HashTable.Share> shares =
                set.all().stream().map(one -> new HashTable.Share(one, 1 / 3.0)).toList();

        assertThat(HashRing.of(shares, (Policy.RingHash) RING).size())
                .as("points: a whole number for each endpoint, at least 1,024 together")
                .isEqualTo(1026);
        assertThat(
                        HashRing.of(
                                        shares,
                                        new Policy.RingHash(
                                                1024, 5, HashFunction.XX_HASH, HashKey.ADDRESS))
                                .size())
                .as("points under a maximum of 5")
                .isEqualTo(5);
    }

    private static EndpointSpec[] ports(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(Endpoints::spec)
                .toArray(EndpointSpec[]::new);
    }

    private static List<Integer> owners(Policy policy, EndpointSpec... endpoints) {
        LoopBalancer balancer = Endpoints.balancer(Endpoints.set(endpoints), policy);
        return USERS.stream()
                .map(user ->
                        Endpoints.owner(balancer, Hashes.of(HashFunction.XX_HASH, user)) - 18_100)
                .toList();
    }
}
