package dev.sluice.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceBookTest {
    private final ResourceBook book = new ResourceBook(Resources.BOOTSTRAP);

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
}
