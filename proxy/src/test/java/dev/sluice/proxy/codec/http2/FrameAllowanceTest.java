package dev.sluice.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proxy.snapshot.part.FloodLimits;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FrameAllowanceTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final FrameAllowance allowance;

    FrameAllowanceTest() {
        channel.freezeTime();
        allowance = new FrameAllowance(channel.eventLoop().ticker(), FloodLimits.DEFAULT);
    }

    private static void allowed(int times, ThrowingCallable frame) throws Throwable {
        for (int i = 0; i < times; i++) {
            frame.call();
        }
    }

    private static void assertRefused(ThrowingCallable frame) {
        assertThatThrownBy(frame).isInstanceOf(Http2Exception.class).hasMessageContaining("by now");
    }

    @Test
    void priorities_grow_with_the_streams() throws Throwable {
        allowed(100, allowance::priority);
        assertRefused(allowance::priority);
        allowance.streamOpened();
        allowed(99, allowance::priority);
        assertRefused(allowance::priority);
    }

    @Test
    void window_updates_grow_with_the_streams_and_with_what_was_sent() throws Throwable {
        allowed(5, allowance::windowUpdate);
        assertRefused(allowance::windowUpdate);
        allowance.streamOpened();
        allowance.dataSent(0);
        allowed(21, allowance::windowUpdate);
        assertRefused(allowance::windowUpdate);
    }

    @Test
    void what_asks_for_answers_is_measured_by_time() throws Throwable {
        allowed(1_000, allowance::asks);
        assertRefused(allowance::asks);
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        allowed(99, allowance::asks);
        assertRefused(allowance::asks);
        channel.advanceTimeBy(100, TimeUnit.SECONDS);
        allowed(1_000, allowance::asks);
        assertRefused(allowance::asks);
        assertThat(channel.isOpen()).isTrue();
    }
}
