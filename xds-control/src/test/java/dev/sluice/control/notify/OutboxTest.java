package dev.sluice.control.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.SinkName;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Sink;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.change.spec.SinkSpec.Destination;
import dev.sluice.control.change.spec.SinkSpec.Selector;
import dev.sluice.control.change.spec.SinkSpec.Severity;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final SinkName NAME = new SinkName("s");
    private static final Receipt TAKEN = new Receipt.Delivered("taken");

    private final ManualClock clock = new ManualClock();
    private final World world = new World();

    @Test
    void what_is_for_it_is_sent_in_the_order_of_the_log_and_all_else_is_passed_over() {
        world.log(lost("a"), put("shop"), lost("b"), left("a"), lost("c"));
        Outbox outbox = new Outbox(sink(0, Severity.WARNING), world);

        outbox.tick(sink(0, Severity.WARNING), world.end());

        assertThat(world.sent).extracting(News::subject).containsExactly("1", "3", "5");
        assertThat(world.sent).extracting(News::id).doesNotHaveDuplicates();
        assertThat(outbox.state().through()).isEqualTo(5);
        assertThat(outbox.state().sent()).isEqualTo(3);
    }

    @Test
    void a_failure_is_tried_again_later_and_later_under_the_same_id_and_holds_back_what_follows() {
        world.log(lost("a"), lost("b"));
        world.answers.add(Receipt.Failed.of("down"));
        world.answers.add(Receipt.Failed.of("down"));
        Outbox outbox = new Outbox(sink(0, Severity.INFO), world);

        outbox.tick(sink(0, Severity.INFO), world.end());
        assertThat(world.sent).hasSize(1);
        assertThat(outbox.state().failure()).contains("down");
        assertThat(outbox.state().retry()).contains(clock.instant().plusSeconds(1));
        pass(outbox, Duration.ofMillis(999));
        assertThat(world.sent).as("not yet").hasSize(1);
        pass(outbox, Duration.ofMillis(1));
        assertThat(world.sent).hasSize(2);
        assertThat(outbox.state().retry())
                .as("twice as long")
                .contains(clock.instant().plusSeconds(2));
        pass(outbox, Duration.ofSeconds(2));

        assertThat(world.sent).extracting(News::subject).containsExactly("1", "1", "1", "2");
        assertThat(world.sent.subList(0, 3)).extracting(News::id).containsOnly(world.sent(0).id());
        assertThat(outbox.state().failure()).isEmpty();
        assertThat(outbox.state().failures()).isEqualTo(2);
    }

    @Test
    void a_sink_that_names_a_time_is_not_asked_before_it() {
        world.log(lost("a"));
        world.answers.add(new Receipt.Failed("busy", Optional.of(Duration.ofMinutes(7))));
        Outbox outbox = new Outbox(sink(0, Severity.INFO), world);

        outbox.tick(sink(0, Severity.INFO), world.end());

        assertThat(outbox.state().retry()).contains(clock.instant().plusSeconds(420));
    }

    @Test
    void what_it_will_never_take_is_given_up_on_record_and_the_next_is_sent() {
        world.log(lost("a"), lost("b"));
        world.answers.add(new Receipt.Refused("answered 400"));
        Outbox outbox = new Outbox(sink(0, Severity.INFO), world);

        outbox.tick(sink(0, Severity.INFO), world.end());

        assertThat(world.given).containsExactly(new Command.DropFromSink(NAME, 1, "answered 400"));
        assertThat(world.sent).hasSize(2);
        assertThat(outbox.state().through()).isEqualTo(2);
    }

    @Test
    void what_is_a_day_old_is_given_up_after_three_tries() {
        world.log(lost("a"));
        Outbox outbox = new Outbox(sink(0, Severity.INFO), world);
        clock.advance(Duration.ofHours(25));
        world.answers.addAll(
                List.of(
                        Receipt.Failed.of("down"),
                        Receipt.Failed.of("down"),
                        Receipt.Failed.of("gone")));

        outbox.tick(sink(0, Severity.INFO), world.end());
        pass(outbox, Duration.ofSeconds(1));
        assertThat(world.given).isEmpty();
        pass(outbox, Duration.ofSeconds(2));

        assertThat(world.given).containsExactly(new Command.DropFromSink(NAME, 1, "gone"));
    }

    @Test
    void its_place_is_recorded_now_and_then_so_that_a_restart_loses_none() {
        world.log(lost("a"), lost("b"));
        Outbox outbox = new Outbox(sink(0, Severity.INFO), world);
        outbox.tick(sink(0, Severity.INFO), world.end());
        assertThat(world.given).as("not after each").isEmpty();
        pass(outbox, Duration.ofSeconds(10));
        assertThat(world.given).containsExactly(new Command.AdvanceSink(NAME, 2));
        pass(outbox, Duration.ofSeconds(10));
        assertThat(world.given).as("nothing new").hasSize(1);

        world.log(lost("c"));
        Outbox after = new Outbox(sink(2, Severity.INFO), world);
        after.tick(sink(2, Severity.INFO), world.end());

        assertThat(world.sent.getLast().subject()).isEqualTo("3");
        assertThat(world.sent).hasSize(3);
    }

    @Test
    void what_is_not_for_it_is_recorded_by_the_thousand() {
        for (int i = 0; i < 1_200; i++) {
            world.log(put("shop"));
        }
        Outbox outbox = new Outbox(sink(0, Severity.CRITICAL), world);

        outbox.tick(sink(0, Severity.CRITICAL), world.end());
        outbox.tick(sink(0, Severity.CRITICAL), world.end());

        assertThat(world.given).containsExactly(new Command.AdvanceSink(NAME, 1_200));
        assertThat(world.sent).isEmpty();
    }

    @Test
    void a_changed_sink_is_tried_at_once() {
        world.log(lost("a"));
        world.answers.add(Receipt.Failed.of("down"));
        Outbox outbox = new Outbox(sink(0, Severity.INFO), world);
        outbox.tick(sink(0, Severity.INFO), world.end());

        outbox.tick(sink(0, Severity.WARNING), world.end());

        assertThat(world.sent).hasSize(2);
        assertThat(outbox.state().through()).isEqualTo(1);
    }

    @Test
    void one_that_is_closed_sends_nothing_more() {
        world.log(lost("a"), lost("b"));
        Outbox outbox = new Outbox(sink(0, Severity.INFO), world);
        world.whileSending = outbox::close;

        outbox.tick(sink(0, Severity.INFO), world.end());
        outbox.tick(sink(0, Severity.INFO), world.end());

        assertThat(world.sent).hasSize(1);
    }

    @Test
    void a_log_that_cannot_be_read_is_read_again() {
        world.log(lost("a"));
        world.readable = false;
        Outbox outbox = new Outbox(sink(0, Severity.INFO), world);
        outbox.tick(sink(0, Severity.INFO), world.end());
        assertThat(world.sent).isEmpty();

        world.readable = true;
        outbox.tick(sink(0, Severity.INFO), world.end());

        assertThat(world.sent).hasSize(1);
    }

    @Test
    void waits_are_doubled_up_to_five_minutes_and_spread_by_chance() {
        Backoff longest = new Backoff(() -> 0);
        Backoff shortest = new Backoff(() -> 1);

        assertThat(List.of(1, 2, 3, 9, 10, 99))
                .extracting(longest::after)
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 256L, 300L, 300L);
        assertThat(shortest.after(2)).isEqualTo(Duration.ofSeconds(1));
    }

    private void pass(Outbox outbox, Duration time) {
        clock.advance(time);
        outbox.tick(sink(0, Severity.INFO), world.end());
    }

    private static Sink sink(long through, Severity least) {
        SinkSpec spec =
                new SinkSpec(
                        NAME,
                        Description.NONE,
                        new Destination.Slack("url"),
                        new Selector(List.of(), List.of(), least));
        Catalog catalog =
                Catalog.EMPTY.apply(
                        HashChain.link(
                                Catalog.EMPTY.head(), 1, stamp("s"), new Event.SinkPut(spec)));
        return new Sink(spec, through, 0, catalog.sink(NAME).orElseThrow().meta());
    }

    private static Event lost(String node) {
        return new Event.NodeLost(new NodeName(node));
    }

    private static Event left(String node) {
        return new Event.NodeLeft(new NodeName(node));
    }

    private static Event put(String service) {
        return new Event.ServiceDeleted(new ServiceName(service));
    }

    private static Stamp stamp(String subject) {
        return new Stamp(
                ManualClock.START, Fixtures.ADMIN, Optional.empty(), "c", subject, "because");
    }

    /** A log whose subjects are its places, a sink by script, all on the caller's thread. */
    private final class World implements Telling {
        private final List<LoggedEvent> events = new ArrayList<>();
        private final List<News> sent = new ArrayList<>();
        private final List<Command> given = new ArrayList<>();
        private final Deque<Receipt> answers = new ArrayDeque<>();
        private Runnable whileSending = () -> {};
        private boolean readable = true;
        private Catalog catalog = Catalog.EMPTY;

        void log(Event... more) {
            for (Event event : more) {
                LoggedEvent logged =
                        HashChain.link(
                                catalog.head(), 1, stamp(Long.toString(catalog.seq() + 1)), event);
                events.add(logged);
                catalog = catalog.apply(logged);
            }
        }

        long end() {
            return events.size();
        }

        News sent(int index) {
            return sent.get(index);
        }

        @Override
        public CompletableFuture<List<LoggedEvent>> read(long firstSeq, int limit) {
            return readable
                    ? CompletableFuture.completedFuture(
                            events.stream()
                                    .filter(event -> event.seq() >= firstSeq)
                                    .limit(limit)
                                    .toList())
                    : CompletableFuture.failedFuture(new IllegalStateException("no disk"));
        }

        @Override
        public Receipt send(SinkSpec to, News news) {
            sent.add(news);
            whileSending.run();
            return answers.isEmpty() ? TAKEN : answers.removeFirst();
        }

        @Override
        public void give(Command command) {
            given.add(command);
        }

        @Override
        public Backoff backoff() {
            return new Backoff(() -> 0);
        }

        @Override
        public Instant now() {
            return clock.instant();
        }

        @Override
        public Executor executor() {
            return Runnable::run;
        }
    }
}
