package dev.sluice.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.sluice.contract.Problem;
import dev.sluice.testkit.ManualClock;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResourceBookTest {
    private static final Optional<Duration> HOUR = Optional.of(Duration.ofHours(1));

    private final Map<String, Optional<Duration>> renewed = new LinkedHashMap<>();
    private final ManualClock clock = new ManualClock();
    private final ResourceBook book =
            new ResourceBook(
                    Resources.BOOTSTRAP,
                    (kind, name, timeToLive) -> renewed.put(name, timeToLive),
                    clock);

    @Test
    void one_wrong_resource_keeps_its_whole_answer_out() {
        book.whole(ResourceKind.CLUSTER, List.of(Resources.cluster("a")));

        List<Problem> problems =
                book.whole(
                        ResourceKind.CLUSTER,
                        List.of(Resources.cluster("b"), Resources.wrongCluster("c")));

        assertThat(problems).isNotEmpty().allMatch(one -> one.path().startsWith("cluster c"));
        assertThat(book.versions(ResourceKind.CLUSTER)).containsOnlyKeys("a");
    }

    @Test
    void a_name_that_stands_twice_is_refused() {
        List<Problem> problems =
                book.delta(
                        ResourceKind.CLUSTER,
                        List.of(Resources.cluster("a"), Resources.cluster("a")),
                        List.of());

        assertThat(problems).hasSize(1);
        assertThat(book.clusters()).isEmpty();
    }

    @Test
    void a_resource_under_another_name_is_refused() {
        Received a = Resources.cluster("a");

        List<Problem> problems =
                book.delta(
                        ResourceKind.CLUSTER,
                        List.of(new Received("b", "1", a.content())),
                        List.of());

        assertThat(problems).extracting(Problem::got).containsExactly("a resource named 'a'");
    }

    @Test
    void a_resource_of_another_type_is_refused() {
        assertThat(book.whole(ResourceKind.LISTENER, List.of(Resources.cluster("a"))))
                .extracting(Problem::expected)
                .containsExactly("a Listener");
    }

    @Test
    void what_a_whole_answer_of_a_wildcard_kind_leaves_out_is_gone() {
        book.whole(ResourceKind.CLUSTER, List.of(Resources.cluster("a"), Resources.cluster("b")));

        book.whole(ResourceKind.CLUSTER, List.of(Resources.cluster("b")));

        assertThat(book.versions(ResourceKind.CLUSTER)).containsOnlyKeys("b");
    }

    @Test
    void what_a_whole_answer_by_name_leaves_out_stays() {
        book.whole(ResourceKind.CLUSTER, List.of(Resources.cluster("a"), Resources.cluster("b")));
        book.whole(ResourceKind.ENDPOINTS, List.of(Resources.endpoints("a", 1)));

        book.whole(ResourceKind.ENDPOINTS, List.of(Resources.endpoints("b", 2)));

        assertThat(book.endpoints()).containsOnlyKeys("a", "b");
    }

    @Test
    void names_that_are_wanted_follow_what_names_them() {
        book.whole(ResourceKind.CLUSTER, List.of(Resources.cluster("a")));
        book.whole(ResourceKind.LISTENER, List.of(Resources.listener("l", "r")));
        book.whole(ResourceKind.ENDPOINTS, List.of(Resources.endpoints("a", 1)));

        book.delta(ResourceKind.CLUSTER, List.of(), List.of("a"));

        assertThat(book.wanted(ResourceKind.ROUTES)).containsExactly("r");
        assertThat(book.wanted(ResourceKind.ENDPOINTS)).isEmpty();
        assertThat(book.endpoints()).as("endpoints that nobody names").isEmpty();
    }

    private static Received heartbeat(String name, String version) {
        return new Received(name, version, Any.getDefaultInstance(), HOUR);
    }

    @Test
    void a_heartbeat_renews_what_is_held_and_changes_nothing() {
        Received a = Resources.cluster("a").living(HOUR);
        book.delta(ResourceKind.CLUSTER, List.of(a, Resources.cluster("b")), List.of());
        var before = book.clusters();
        renewed.clear();

        assertThat(book.delta(ResourceKind.CLUSTER, List.of(heartbeat("a", "1")), List.of()))
                .isEmpty();

        assertThat(renewed).containsOnly(Map.entry("a", HOUR));
        assertThat(book.clusters()).isEqualTo(before);
        assertThat(book.remembered().get(ResourceKind.CLUSTER))
                .extracting(Received::timeToLive)
                .containsExactly(HOUR, Optional.empty());
    }

    @Test
    void a_whole_answer_of_heartbeats_removes_nothing_and_one_with_more_does() {
        Received a = Resources.cluster("a").living(HOUR);
        book.whole(ResourceKind.CLUSTER, List.of(a, Resources.cluster("b")));

        book.whole(ResourceKind.CLUSTER, List.of(heartbeat("a", "1")));
        var heartbeats = book.versions(ResourceKind.CLUSTER);
        book.whole(ResourceKind.CLUSTER, List.of(heartbeat("a", "1"), Resources.cluster("c")));

        assertThat(heartbeats).containsOnlyKeys("a", "b");
        assertThat(book.versions(ResourceKind.CLUSTER)).containsOnlyKeys("a", "c");
    }

    @Test
    void a_heartbeat_of_a_whole_answer_means_the_version_of_the_kind() {
        book.whole(ResourceKind.CLUSTER, List.of(Resources.cluster("a"), Resources.cluster("b")));
        book.whole(ResourceKind.ENDPOINTS, List.of(Resources.endpoints("a", 1).living(HOUR)));
        Received b = Resources.endpoints("b", 2);
        book.whole(ResourceKind.ENDPOINTS, List.of(new Received("b", "2", b.content())));

        assertThat(book.whole(ResourceKind.ENDPOINTS, List.of(heartbeat("a", "2")))).isEmpty();
    }

    @Test
    void a_heartbeat_of_what_is_not_held_and_a_time_that_is_none_are_refused() {
        book.delta(ResourceKind.CLUSTER, List.of(Resources.cluster("a")), List.of());

        assertThat(book.delta(ResourceKind.CLUSTER, List.of(heartbeat("a", "2")), List.of()))
                .extracting(Problem::got)
                .containsExactly("no content, and version '2' of it is not held here");
        assertThat(book.delta(ResourceKind.CLUSTER, List.of(heartbeat("b", "1")), List.of()))
                .hasSize(1);
        assertThat(
                        book.delta(
                                ResourceKind.CLUSTER,
                                List.of(
                                        Resources.cluster("a")
                                                .living(Optional.of(Duration.ofSeconds(-1)))),
                                List.of()))
                .extracting(Problem::path)
                .containsExactly("cluster a: ttl");
    }

    @Test
    void a_resource_of_a_whole_answer_that_is_wrapped_has_the_version_of_the_answer() {
        Received a = Resources.cluster("a");
        Resource wrapped =
                Resource.newBuilder()
                        .setName("a")
                        .setVersion("other")
                        .setResource(a.content())
                        .setTtl(com.google.protobuf.Duration.newBuilder().setSeconds(3600))
                        .build();

        assertThat(Received.ofWhole(Any.pack(wrapped), "1")).isEqualTo(a.living(HOUR));
        assertThat(Received.ofWhole(a.content(), "1"))
                .isEqualTo(new Received("", "1", a.content()));
    }

    @Test
    void what_was_silent_for_its_life_is_nothing_more() {
        Received a = Resources.cluster("a");

        assertThat(a.living(HOUR).after(Duration.ofMinutes(59)))
                .contains(a.living(Optional.of(Duration.ofMinutes(1))));
        assertThat(a.living(HOUR).after(Duration.ofMinutes(60))).isEmpty();
        assertThat(a.after(Duration.ofDays(1))).contains(a);
    }
}
