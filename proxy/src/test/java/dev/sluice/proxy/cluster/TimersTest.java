package dev.sluice.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimersTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Timers timers = new Timers(channel.eventLoop());
    private final List<String> ended = new ArrayList<>();

    TimersTest() {
        channel.freezeTime();
    }

    private Timers.Timer start(Duration length, String name) {
        return timers.start(length, timers.now(), () -> ended.add(name));
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void each_ends_after_its_length_and_not_before() {
        start(SECOND, "a");
        pass(400);
        start(SECOND, "b");
        pass(599);
        assertThat(ended).as("ended after 999 ms").isEmpty();

        pass(1);
        assertThat(ended).as("ended after 1,000 ms").containsExactly("a");

        pass(399);
        assertThat(ended).as("ended after 1,399 ms").containsExactly("a");

        pass(1);
        assertThat(ended).as("ended after 1,400 ms").containsExactly("a", "b");
    }

    @Test
    void a_cancelled_one_never_ends_wherever_it_stands() {
        Timers.Timer first = start(SECOND, "first");
        Timers.Timer middle = start(SECOND, "middle");
        start(SECOND, "kept");
        Timers.Timer last = start(SECOND, "last");

        first.cancel();
        last.cancel();
        middle.cancel();
        middle.cancel();
        pass(1000);

        assertThat(ended).as("ended").containsExactly("kept");
    }

    @Test
    void lengths_do_not_wait_for_each_other() {
        start(Duration.ofSeconds(10), "long");
        start(SECOND, "short");

        pass(1000);

        assertThat(ended).as("ended after a second").containsExactly("short");
    }

    @Test
    void one_that_began_earlier_than_those_before_it_ends_earlier() {
        long began = timers.now();
        pass(500);
        start(SECOND, "later");
        timers.start(SECOND, began, () -> ended.add("earlier"));

        pass(1000);

        assertThat(ended).as("ended").containsExactly("earlier", "later");
    }

    @Test
    void one_that_is_started_when_another_ends_has_its_whole_length() {
        timers.start(SECOND, timers.now(), () -> start(SECOND, "second"));

        pass(1000);
        pass(999);
        assertThat(ended).as("ended after 1,999 ms").isEmpty();

        pass(1);
        assertThat(ended).as("ended after 2,000 ms").containsExactly("second");
    }

    @Test
    void an_action_that_fails_does_not_stop_the_others() {
        timers.start(
                SECOND,
                timers.now(),
                () -> {
                    throw new IllegalStateException("a test");
                });
        pass(1);
        start(SECOND, "next");

        pass(999);
        pass(1);

        assertThat(ended).as("ended").containsExactly("next");
    }

    @Test
    void lengths_that_clients_choose_end_in_time_however_many_there_are() {
        for (int millis = 1; millis <= 200; millis++) {
            start(Duration.ofMillis(millis), millis + " ms");
        }
        Timers.Timer dropped = start(Duration.ofMillis(201), "dropped");
        dropped.cancel();
        pass(100);
        assertThat(ended).as("ended after 100 ms").hasSize(100).endsWith("100 ms");

        pass(1_000);
        assertThat(ended).as("ended at last").hasSize(200).doesNotContain("dropped");
        start(SECOND, "after them");
        pass(1_000);
        assertThat(ended).as("one of a length that is used again").endsWith("after them");
    }
}
