package dev.sluice.proxy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.testkit.LeakCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class SlowAnswerTest {
    private static final StreamReset GONE =
            new StreamReset(StreamReset.Cause.PEER_RESET, /* unprocessed= */ false, "gone");

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Client client = new Client();
    private final SlowAnswer slow;
    private int writable;

    SlowAnswerTest() {
        channel.freezeTime();
        slow = new SlowAnswer(client, /* bytesPerSecond= */ 1_000, channel.eventLoop());
    }

    private BodySink respond() {
        BodySink sink = slow.respond(new ResponseHead(200, new HeaderBlock()), /* ended= */ false);
        sink.onWritable(() -> writable++);
        return sink;
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private static ByteBuf bytes(int count) {
        return PooledByteBufAllocator.DEFAULT.buffer(count).writeZero(count);
    }

    @Test
    void a_body_is_sent_at_its_rate_and_then_ended() {
        BodySink sink = respond();
        sink.data(bytes(100), /* last= */ true);
        assertThat(client.bytes).as("bytes at once").isZero();

        pass(50);
        assertThat(client.bytes).as("bytes after 50 ms").isEqualTo(50);
        assertThat(client.end).isEmpty();

        pass(50);
        assertThat(client.bytes).as("bytes after 100 ms").isEqualTo(100);
        assertThat(client.end).isEqualTo("last");
    }

    @Test
    void whoever_answers_waits_until_what_it_gave_is_sent() {
        BodySink sink = respond();
        sink.data(bytes(50), /* last= */ false);
        assertThat(sink.isWritable()).as("writable while bytes wait").isFalse();

        pass(50);
        assertThat(sink.isWritable()).as("writable when they are sent").isTrue();
        assertThat(writable).as("times it was told").isEqualTo(1);

        sink.trailers(new HeaderBlock());
        assertThat(client.end).isEqualTo("trailers");
    }

    @Test
    void a_client_that_takes_nothing_is_sent_nothing() {
        client.takes = false;
        respond().data(bytes(100), /* last= */ true);
        pass(50);
        pass(1_000);
        assertThat(client.bytes).as("bytes while it takes nothing").isEqualTo(50);

        client.takes = true;
        client.onWritable.run();
        pass(50);
        assertThat(client.bytes).as("bytes at last").isEqualTo(100);
    }

    @Test
    void what_waits_is_dropped_when_the_client_goes() {
        boolean[] told = new boolean[1];
        slow.onClientGone(reset -> told[0] = true);
        BodySink sink = respond();
        sink.data(bytes(100), /* last= */ false);
        client.gone.accept(GONE);
        sink.data(bytes(100), /* last= */ true);
        pass(1_000);

        assertThat(client.bytes).as("bytes sent").isZero();
        assertThat(told[0]).as("the news was passed on").isTrue();
    }

    @Test
    void an_answer_that_breaks_off_is_broken_off_at_once() {
        BodySink sink = respond();
        sink.data(bytes(100), /* last= */ false);
        sink.reset(GONE);
        sink.data(bytes(100), /* last= */ true);
        pass(1_000);

        assertThat(client.bytes).as("bytes sent").isZero();
        assertThat(client.end).isEqualTo("reset");
    }

    /** Notes what it is sent. */
    private static final class Client implements ServerStream, BodySink {
        private Consumer<StreamReset> gone = reset -> {};
        private Runnable onWritable = () -> {};
        private boolean takes = true;
        private int bytes;
        private String end = "";

        @Override
        public Peer peer() {
            throw new UnsupportedOperationException("not asked for here");
        }

        @Override
        public RequestHead request() {
            throw new UnsupportedOperationException("not asked for here");
        }

        @Override
        public boolean requestEnded() {
            return true;
        }

        @Override
        public BodySource requestBody() {
            throw new UnsupportedOperationException("not asked for here");
        }

        @Override
        public void interim(ResponseHead head) {}

        @Override
        public BodySink respond(ResponseHead head, boolean ended) {
            return this;
        }

        @Override
        public void onClientGone(Consumer<StreamReset> callback) {
            gone = callback;
        }

        @Override
        public void drainConnection() {}

        @Override
        public void onComplete(Runnable callback) {}

        @Override
        public void data(ByteBuf data, boolean last) {
            bytes += data.readableBytes();
            data.release();
            if (last) {
                end = "last";
            }
        }

        @Override
        public void trailers(HeaderBlock trailers) {
            end = "trailers";
        }

        @Override
        public void reset(StreamReset reset) {
            end = "reset";
        }

        @Override
        public boolean isWritable() {
            return takes;
        }

        @Override
        public void onWritable(Runnable callback) {
            onWritable = callback;
        }
    }
}
