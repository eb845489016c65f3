package dev.sluice.proxy.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.call.CallAnswer;
import dev.sluice.proxy.cluster.ScriptedThread;
import dev.sluice.proxy.jwt.Keys;
import dev.sluice.proxy.snapshot.filter.KeySource;
import dev.sluice.proxy.snapshot.filter.KeySource.Fetching;
import dev.sluice.proxy.snapshot.filter.KeySource.Repeats;
import dev.sluice.proxy.snapshot.filter.KeySource.Start;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RemoteKeysTest {
    private static final String SET =
            "{\"keys\": [{\"kty\": \"oct\", \"kid\": \"k\","
                    + " \"k\": \"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\"}]}";
    private static final Duration CACHED = Duration.ofMinutes(10);
    private static final Keys NONE = new Keys.Wanted();

    private final ScriptedThread thread = new ScriptedThread();
    private final MockTicker ticker = Ticker.newMockTicker();
    private final KeyFetchCounts counts = new KeyFetchCounts();
    private final Deque<CompletableFuture<CallAnswer>> fetches = new ArrayDeque<>();
    private final List<Keys> told = new ArrayList<>();
    private int concluded;

    private RemoteKeys keys(Fetching fetching, Repeats repeats) {
        KeySource.Target target =
                new KeySource.Target("issuer", "issuer", "/keys", Duration.ofSeconds(1));
        return new RemoteKeys(
                new KeySource.Remote(target, CACHED, fetching, repeats),
                new RemoteKeys.Surroundings(
                        asked -> {
                            CompletableFuture<CallAnswer> answer = new CompletableFuture<>();
                            fetches.add(answer);
                            return answer;
                        },
                        thread,
                        ticker,
                        new SplittableRandom(1),
                        counts,
                        () -> concluded++));
    }

    private RemoteKeys whenNeeded() {
        return keys(new Fetching.WhenNeeded(), Repeats.NONE);
    }

    private void pass(Duration time) {
        ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
        thread.advance(time);
    }

    private void answer(int status, String body) {
        fetches.remove().complete(new CallAnswer.Answered(status, -1, body));
    }

    @Test
    void all_who_wait_share_one_fetch_and_its_set_is_used_for_its_time() {
        RemoteKeys keys = whenNeeded();
        keys.ask(NONE, told::add);
        keys.ask(NONE, told::add);

        assertThat(fetches).as("fetches under way").hasSize(1);
        assertThat(told).as("told before").isEmpty();
        answer(200, SET);
        assertThat(told).as("told").hasSize(2).allMatch(Keys.Known.class::isInstance);
        pass(CACHED.minusNanos(1));
        assertThat(keys.now()).as("in time").isEqualTo(told.getFirst());
        pass(Duration.ofNanos(1));
        assertThat(keys.now()).as("too old").isEqualTo(NONE);
        assertThat(counts.good()).isEqualTo(1);
    }

    @Test
    void a_fetch_that_brings_no_keys_is_told_and_the_next_who_asks_fetches_anew() {
        RemoteKeys keys = whenNeeded();
        for (String body : List.of("no json", "{\"keys\": []}")) {
            keys.ask(NONE, told::add);
            answer(200, body);
        }
        keys.ask(NONE, told::add);
        answer(404, SET);
        keys.ask(NONE, told::add);
        fetches.remove().complete(new CallAnswer.Failed("gone"));

        assertThat(told).hasSize(4).allMatch(Keys.Unreachable.class::isInstance);
        assertThat(counts.bad()).isEqualTo(4);
        assertThat(fetches).as("fetches that nobody asked for").isEmpty();
    }

    @Test
    void what_got_no_answer_or_a_5xx_is_repeated_so_often_as_configured() {
        RemoteKeys keys =
                keys(
                        new Fetching.WhenNeeded(),
                        new Repeats(2, Duration.ofSeconds(1), Duration.ofSeconds(10)));
        keys.ask(NONE, told::add);
        answer(503, "");
        assertThat(fetches).as("before the wait is over").isEmpty();
        pass(Duration.ofSeconds(1));
        fetches.remove().complete(new CallAnswer.Failed("gone"));
        pass(Duration.ofSeconds(2));
        assertThat(told).as("told between").isEmpty();
        answer(500, "");

        assertThat(told).containsExactly(new Keys.Unreachable());
        assertThat(thread.due()).as("repeats left").isEmpty();
    }

    @Test
    void an_unknown_key_asks_again_but_not_before_a_pause_is_over() {
        RemoteKeys keys = whenNeeded();
        keys.ask(NONE, told::add);
        answer(200, SET);
        Keys known = told.removeFirst();

        assertThat(keys.mayAskAgain()).as("at once").isFalse();
        keys.ask(known, told::add);
        assertThat(told).as("told at once").containsExactly(known);
        assertThat(fetches).as("fetches in the pause").isEmpty();
        pass(RemoteKeys.PAUSE);
        assertThat(keys.mayAskAgain()).as("after the pause").isTrue();
        keys.ask(known, told::add);
        answer(200, SET);

        assertThat(told.getLast()).as("another set").isNotEqualTo(known);
        keys.ask(known, told::add);
        assertThat(told).as("who asks late gets what is newer").hasSize(3);
        assertThat(fetches).isEmpty();
    }

    @Test
    void keys_are_fetched_ahead_and_again_before_they_are_old() {
        RemoteKeys keys =
                keys(new Fetching.Ahead(Duration.ofSeconds(3), Start.WITH_KEYS), Repeats.NONE);

        assertThat(keys.isConcluded()).as("before").isFalse();
        keys.fetchAhead();
        keys.fetchAhead();
        answer(503, "");
        assertThat(keys.isConcluded()).as("after a failure, too").isTrue();
        pass(Duration.ofSeconds(3));
        answer(200, SET);
        pass(CACHED.minus(RemoteKeys.EARLY));
        assertThat(keys.now()).as("still good").isInstanceOf(Keys.Known.class);
        answer(503, "");
        assertThat(keys.now()).as("a failure takes nothing").isInstanceOf(Keys.Known.class);
        assertThat(concluded).as("told that the first fetch is over").isEqualTo(1);
        keys.close();
        assertThat(thread.due()).as("after the end").isEmpty();
    }

    @Test
    void a_fast_listener_does_not_wait_and_the_end_answers_those_who_do() {
        RemoteKeys keys =
                keys(new Fetching.Ahead(Duration.ofSeconds(3), Start.AT_ONCE), Repeats.NONE);
        keys.fetchAhead();

        assertThat(keys.isConcluded()).isTrue();
        keys.ask(NONE, told::add);
        assertThat(fetches).as("one fetch for both").hasSize(1);
        keys.close();
        answer(200, SET);
        assertThat(told).containsExactly(new Keys.Unreachable());
    }
}
