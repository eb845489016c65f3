package dev.sluice.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.listener.ConnectionLimitSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeFlag;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
    private final List<String> refused = new ArrayList<>();
    private final ConnectionLimit limit =
            new ConnectionLimit(
                    new ConnectionLimitSpec(1, RuntimeFlag.ON, Duration.ofSeconds(3)),
                    new RuntimeLayers(RuntimeSpec.NONE),
                    refused::add);
    private final NetworkFilter filter =
            limit.before((channel, security, alpn) ->
                    new ClosingConnection(channel, Duration.ofDays(1)));

    private EmbeddedChannel connect() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        var unused = filter.install(channel, TransportSecurity.CLEAR, "");
        return channel;
    }

    @Test
    void one_over_the_limit_is_closed_after_the_delay() {
        EmbeddedChannel first = connect();
        EmbeddedChannel second = connect();

        assertThat(refused).containsExactly("over the connection limit of 1");
        second.advanceTimeBy(2, TimeUnit.SECONDS);
        second.runScheduledPendingTasks();
        assertThat(second.isOpen()).as("within the delay").isTrue();
        second.advanceTimeBy(1, TimeUnit.SECONDS);
        second.runScheduledPendingTasks();
        assertThat(second.isOpen()).as("after the delay").isFalse();
        assertThat(first.isOpen()).isTrue();
        first.finishAndReleaseAll();
    }

    @Test
    void a_place_is_free_once_its_connection_has_ended() {
        EmbeddedChannel first = connect();
        first.finishAndReleaseAll();
        EmbeddedChannel second = connect();

        assertThat(refused).isEmpty();
        second.finishAndReleaseAll();
    }

    @Test
    void a_limit_that_the_runtime_turns_off_is_none() {
        RuntimeLayers runtime =
                new RuntimeLayers(
                        new RuntimeSpec(
                                List.of(
                                        new RuntimeSpec.Layer(
                                                "s",
                                                new RuntimeSpec.Source.Fixed(
                                                        Map.of(
                                                                "k",
                                                                new RuntimeValue.Flag(false)))))));
        ConnectionLimit off =
                new ConnectionLimit(
                        new ConnectionLimitSpec(
                                1,
                                new RuntimeFlag("k", /* fallback= */ true),
                                Duration.ofSeconds(3)),
                        runtime,
                        refused::add);
        NetworkFilter counted =
                off.before((channel, security, alpn) ->
                        new ClosingConnection(channel, Duration.ofDays(1)));
        EmbeddedChannel first = new EmbeddedChannel();
        EmbeddedChannel second = new EmbeddedChannel();

        var one = counted.install(first, TransportSecurity.CLEAR, "");
        var two = counted.install(second, TransportSecurity.CLEAR, "");

        assertThat(List.of(one, two)).hasSize(2);
        assertThat(refused).isEmpty();
        first.finishAndReleaseAll();
        second.finishAndReleaseAll();
    }
}
