package dev.sluice.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.ServerProbe;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import dev.sluice.testkit.LeakCheck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When a stream's body is delivered and when its window goes back. */
@ExtendWith(LeakCheck.class)
class IncomingStreamTest {
    private static final StreamReset RESET =
            new StreamReset(Cause.LOCAL, /* unprocessed= */ false, "test");

    private final List<Integer> taken = new ArrayList<>();
    private final List<StreamReset> cancelled = new ArrayList<>();
    private final IncomingStream body =
            new IncomingStream(
                    new IncomingStream.Owner() {
                        @Override
                        public void onTaken(int bytes) {
                            taken.add(bytes);
                        }

                        @Override
                        public void onBodyCancelled(StreamReset reset) {
                            cancelled.add(reset);
                        }
                    });

    @Test
    void window_goes_back_only_for_what_was_delivered_and_not_paused_on() {
        body.data(ServerProbe.bytes("abc"), /* last= */ false);
        assertThat(taken).as("nobody has started it").isEmpty();

        ServerProbe.Collected collected = ServerProbe.collect(body);
        assertThat(taken).containsExactly(3);
        body.pause();
        body.data(ServerProbe.bytes("de"), /* last= */ true);
        assertThat(taken).containsExactly(3);
        body.resume();

        assertThat(taken).containsExactly(3, 2);
        assertThat(collected.text).hasToString("abcde");
        assertThat(collected.ended).isTrue();
    }

    @Test
    void a_whole_body_that_is_given_up_is_released_and_its_window_goes_back() {
        body.data(ServerProbe.bytes("abc"), /* last= */ true);
        body.cancel(RESET);

        assertThat(taken).containsExactly(3);
        assertThat(cancelled).containsExactly(RESET);
    }

    @Test
    void a_failure_drops_what_waits_and_tells_the_receiver_once() {
        ServerProbe.Collected collected = ServerProbe.collect(body);
        body.pause();
        body.data(ServerProbe.bytes("abc"), /* last= */ false);
        body.fail(RESET);
        body.fail(RESET);
        body.data(ServerProbe.bytes("x"), /* last= */ true);

        assertThat(collected.resets).containsExactly(RESET);
        assertThat(collected.ended).isFalse();
        assertThat(taken).containsExactly(3, 1);
    }
}
