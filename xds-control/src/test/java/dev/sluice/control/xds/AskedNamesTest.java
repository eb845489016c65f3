package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AskedNamesTest {
    private static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    private static final String ROUTE =
            "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";

    private final AskedNames asked = new AskedNames();

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "n" + i).toList();
    }

    private Optional<String> subscribe(String type, List<String> names) {
        return asked.add(
                DeltaDiscoveryRequest.newBuilder()
                        .setTypeUrl(type)
                        .addAllResourceNamesSubscribe(names)
                        .build());
    }

    private Optional<String> unsubscribe(String type, List<String> names) {
        return asked.add(
                DeltaDiscoveryRequest.newBuilder()
                        .setTypeUrl(type)
                        .addAllResourceNamesUnsubscribe(names)
                        .build());
    }

    private Optional<String> replace(String type, List<String> names) {
        return asked.add(
                DiscoveryRequest.newBuilder().setTypeUrl(type).addAllResourceNames(names).build());
    }

    @Test
    void names_of_all_types_count_together_and_each_once() {
        assertThat(subscribe(CLUSTER, names(0, 60_000))).isEmpty();
        assertThat(subscribe(CLUSTER, names(0, 60_000))).as("again").isEmpty();
        assertThat(subscribe(ROUTE, names(0, 40_000))).isEmpty();

        assertThat(subscribe(ROUTE, List.of("one-more")))
                .hasValue(
                        "resource_names_subscribe: 100001 names on one stream (expected at most"
                                + " 100000); ask for those that the node has use for");
    }

    @Test
    void what_a_node_has_no_more_use_for_counts_no_more() {
        assertThat(subscribe(CLUSTER, names(0, AskedNames.MOST))).isEmpty();
        assertThat(unsubscribe(CLUSTER, names(0, 10))).isEmpty();
        assertThat(subscribe(ROUTE, names(0, 10))).isEmpty();
        assertThat(subscribe(ROUTE, names(10, 11))).isPresent();
    }

    @Test
    void in_state_of_the_world_the_last_list_counts() {
        assertThat(replace(CLUSTER, names(0, 90_000))).isEmpty();
        assertThat(replace(CLUSTER, names(50_000, 150_000))).isEmpty();
        assertThat(replace(ROUTE, names(0, 1)))
                .hasValueSatisfying(why ->
                        assertThat(why).startsWith("resource_names: 100001 names on one stream"));
    }

    @Test
    void types_without_end_are_refused() {
        for (int i = 0; i < AskedNames.MOST_TYPES; i++) {
            assertThat(subscribe("type.googleapis.com/none.T" + i, List.of())).isEmpty();
        }
        assertThat(subscribe("type.googleapis.com/none.T0", List.of())).isEmpty();

        assertThat(replace("type.googleapis.com/none.OneMore", List.of()))
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("type_url: 65 types on one stream"));
    }

    @Test
    void everything_that_is_too_long_is_said_and_cut() {
        String longest = "x".repeat(AskedNames.LONGEST);
        assertThat(subscribe(longest, List.of(longest))).isEmpty();

        assertThat(subscribe(longest + "t", List.of("a", longest + "n")))
                .hasValueSatisfying(why ->
                        assertThat(why)
                                .startsWith("type_url: 'xxx")
                                .contains("resource_names_subscribe: 'xxx", "2049 characters")
                                .hasSizeLessThan(500));
    }

    @Test
    void of_a_type_with_a_stream_of_its_own_what_it_had_counts_too() {
        Set<String> had = Set.copyOf(names(0, AskedNames.MOST - 1));
        DeltaDiscoveryRequest.Builder request =
                DeltaDiscoveryRequest.newBuilder()
                        .addAllResourceNamesSubscribe(List.of("n0", "one", "one"));

        assertThat(AskedNames.tooMuch(request.build(), had)).as("one more").isEmpty();
        request.addResourceNamesSubscribe("two");
        assertThat(AskedNames.tooMuch(request.build(), had))
                .hasValueSatisfying(why ->
                        assertThat(why)
                                .startsWith(
                                        "resource_names_subscribe: 100001 names on one stream"));
        request.addResourceNamesUnsubscribe("n1").addResourceNamesUnsubscribe("none");
        assertThat(AskedNames.tooMuch(request.build(), had)).as("for another").isEmpty();
        request.addResourceNamesUnsubscribe("n0");
        assertThat(AskedNames.tooMuch(request.build(), had)).as("back in").isEmpty();
        request.addResourceNamesSubscribe("x".repeat(AskedNames.LONGEST + 1));
        assertThat(AskedNames.tooMuch(request.build(), had)).isPresent();
    }
}
