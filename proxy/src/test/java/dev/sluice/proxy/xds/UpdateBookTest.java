package dev.sluice.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.sluice.proxy.resource.RefusedResource;
import dev.sluice.proxy.resource.SentConfiguration.Answers;
import dev.sluice.proxy.resource.SentResource;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is remembered of updates, for people who look. */
class UpdateBookTest {
    private static final Instant LATER = ManualClock.START.plusSeconds(60);

    private final ManualClock clock = new ManualClock();
    private final ResourceBook book =
            new ResourceBook(Resources.BOOTSTRAP, (kind, name, timeToLive) -> {}, clock);

    private void delta(Received... changed) {
        var unused = book.delta(ResourceKind.CLUSTER, List.of(changed), List.of());
    }

    private void whole(Received... all) {
        var unused = book.whole(ResourceKind.CLUSTER, List.of(all));
    }

    private Instant updated(String name) {
        return book.sent().accepted().stream()
                .filter(one -> one.name().equals(name))
                .map(SentResource::updated)
                .findFirst()
                .orElseThrow();
    }

    private List<String> refused() {
        return book.sent().refused().stream().map(RefusedResource::name).toList();
    }

    private static Received in(String version, Received of) {
        return new Received(of.name(), version, of.content());
    }

    private static Received unnamed(Received of) {
        return new Received("", of.version(), of.content());
    }

    @Test
    void a_resource_is_as_old_as_its_content() {
        whole(Resources.cluster("a"), Resources.cluster("b"));
        clock.advance(Duration.ofMinutes(1));

        whole(in("2", Resources.cluster("a")), in("2", Resources.slowCluster("b")));

        assertThat(updated("a")).as("the same again").isEqualTo(ManualClock.START);
        assertThat(updated("b")).as("other content").isEqualTo(LATER);
        assertThat(book.sent().accepted()).extracting(SentResource::version).containsOnly("2");
    }

    @Test
    void what_was_gone_and_comes_back_is_new() {
        whole(Resources.cluster("a"));
        whole();
        clock.advance(Duration.ofMinutes(1));

        whole(Resources.cluster("a"));

        assertThat(updated("a")).isEqualTo(LATER);
    }

    @Test
    void a_refused_answer_is_remembered_with_what_is_wrong_and_what_came_beside_it() {
        whole(Resources.cluster("a"), Resources.cluster("b"));
        clock.advance(Duration.ofMinutes(1));

        whole(
                unnamed(Resources.cluster("a")),
                unnamed(Resources.slowCluster("b")),
                unnamed(Resources.wrongCluster("c")));

        List<RefusedResource> refused = book.sent().refused();
        assertThat(refused()).as("the same again is not refused").containsExactly("c", "b");
        assertThat(refused.getFirst().details()).startsWith("cluster c");
        assertThat(refused.getFirst().content()).isEqualTo(Resources.wrongCluster("c").content());
        assertThat(refused.getFirst().attempted()).isEqualTo(LATER);
        assertThat(refused.getLast().details())
                .startsWith("cluster b")
                .contains("an answer that was refused for cluster c");
        assertThat(updated("b")).as("of what is held").isEqualTo(ManualClock.START);
    }

    @Test
    void what_is_accepted_later_was_not_refused() {
        delta(Resources.wrongCluster("a"));
        delta(Resources.wrongCluster("b"));

        delta(Resources.cluster("a"));

        assertThat(refused()).containsExactly("b");
    }

    @Test
    void what_the_server_has_no_more_was_not_refused() {
        delta(Resources.wrongCluster("a"));
        delta(Resources.wrongCluster("b"));

        var unused = book.delta(ResourceKind.CLUSTER, List.of(), List.of("a"));
        assertThat(refused()).as("after it was removed").containsExactly("b");

        whole(Resources.cluster("c"));
        assertThat(refused()).as("after an answer without it").isEmpty();
    }

    @Test
    void what_nobody_asks_for_any_more_was_not_refused() {
        whole(Resources.cluster("a"), Resources.cluster("b"));
        var unused =
                book.delta(
                        ResourceKind.ENDPOINTS,
                        List.of(
                                new Received("a", "1", Any.pack(Any.getDefaultInstance())),
                                new Received("b", "1", Any.pack(Any.getDefaultInstance()))),
                        List.of());
        assertThat(refused()).containsExactly("a", "b");

        whole(Resources.cluster("b"));

        assertThat(refused()).containsExactly("b");
    }

    @Test
    void what_can_not_be_read_has_no_name() {
        whole(
                new Received(
                        "",
                        "1",
                        Resources.cluster("a").content().toBuilder()
                                .setValue(ByteString.copyFromUtf8("torn"))
                                .build()));

        assertThat(refused()).containsExactly("");
    }

    @Test
    void only_so_much_is_remembered() {
        IntStream.range(0, UpdateBook.MOST_REFUSED + 1)
                .forEach(i -> delta(Resources.wrongCluster("c" + i)));

        assertThat(refused()).hasSize(UpdateBook.MOST_REFUSED).doesNotContain("c0");

        delta(
                new Received(
                        "large",
                        "1",
                        Any.newBuilder()
                                .setTypeUrl("some/type")
                                .setValue(
                                        ByteString.copyFrom(
                                                new byte[UpdateBook.LARGEST_REFUSED + 1]))
                                .build()));

        RefusedResource large = book.sent().refused().getLast();
        assertThat(large.name()).isEqualTo("large");
        assertThat(large.content()).isEqualTo(Any.getDefaultInstance());
    }

    @Test
    void answers_are_counted_by_what_became_of_them() {
        book.answered(ResourceKind.CLUSTER, "7");
        book.answered(ResourceKind.CLUSTER, "8");
        book.declined(ResourceKind.CLUSTER);
        book.declined(ResourceKind.LISTENER);

        assertThat(book.sent().answers())
                .containsOnly(
                        entry(ResourceKind.CLUSTER.typeUrl(), new Answers(2, 1)),
                        entry(ResourceKind.LISTENER.typeUrl(), new Answers(0, 1)));
    }

    @Test
    void the_version_is_that_of_the_last_answer() {
        book.answered(ResourceKind.CLUSTER, "7");
        book.answered(ResourceKind.LISTENER, "8");

        assertThat(book.sent().versions())
                .containsEntry(ResourceKind.CLUSTER.typeUrl(), "7")
                .containsEntry(ResourceKind.LISTENER.typeUrl(), "8");
    }
}
