package dev.sluice.proxy.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec.Facts;
import dev.sluice.proxy.snapshot.filter.TapMatch;
import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import dev.sluice.proxy.snapshot.filter.TapSpec;
import dev.sluice.proxy.snapshot.filter.TapSpec.Delivery;
import dev.sluice.proxy.snapshot.filter.TapSpec.Format;
import dev.sluice.proxy.snapshot.filter.TapSpec.Sink;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.ManualClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class TapTest {
    private static final TapMatch FAILED =
            new TapMatch.Fields(
                    Part.RESPONSE_HEADERS,
                    List.of(
                            new HeaderMatcher(
                                    "x-failed",
                                    new HeaderMatcher.Test.Present(),
                                    HeaderMatcher.Sense.HOLDS,
                                    HeaderMatcher.Missing.ABSENT)));

    private static final HeaderShield SHIELD =
            new HeaderShield(Set.of("x-email"), () -> Set.of("x-user"));

    private static final Facts ALL_FACTS = new Facts(true, true, true);

    private final List<TapMessage> messages = new ArrayList<>();
    private final List<TapOutlet.Over> overs = new ArrayList<>();
    private final Client client = new Client();
    private final ManualClock clock = new ManualClock();

    private Taps taps(long memory) {
        return new Taps(
                (message, spec, over) -> {
                    messages.add(message);
                    overs.add(over);
                },
                SHIELD,
                memory);
    }

    private static TapSpec spec(TapMatch match, int bytes, Delivery delivery) {
        return new TapSpec(
                match,
                RuntimeShare.ALL,
                bytes,
                bytes,
                delivery,
                Format.JSON_BODY_AS_STRING,
                new Sink.Files("tap"));
    }

    private Optional<Tapping> begin(Taps taps, TapSpec spec) {
        ExchangeView view = new ExchangeView(client.request(), "/pay", client.peer());
        return taps.fixed(spec).begin(view, ALL_FACTS, clock, 7);
    }

    /** A whole exchange: {@code "question"} and {@code "an answer"}, each in two parts. */
    private void exchange(Tapping tapping, String... answerHeaders) {
        ServerStream tapped = tapping.on(client);
        tapped.requestBody().start(new Ignoring());
        client.send("ques", false);
        client.send("tion", true);
        HeaderBlock headers = new HeaderBlock();
        for (int i = 0; i < answerHeaders.length; i += 2) {
            headers.add(answerHeaders[i], answerHeaders[i + 1]);
        }
        BodySink sink = tapped.respond(new ResponseHead(201, headers), /* ended= */ false);
        sink.data(bytes("an "), /* last= */ false);
        sink.data(bytes("answer"), /* last= */ false);
        sink.trailers(new HeaderBlock().add("cookie", "t").add("grpc-status", "0"));
        tapping.end(Optional.of(new InetSocketAddress("127.0.0.2", 80)));
    }

    private static ByteBuf bytes(String text) {
        return PooledByteBufAllocator.DEFAULT
                .buffer()
                .writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(TapBody body) {
        return new String(body.bytes(), StandardCharsets.UTF_8) + (body.isTruncated() ? "…" : "");
    }

    @Test
    void an_exchange_is_told_whole_at_its_end() {
        Taps taps = taps(10_000);
        exchange(begin(taps, spec(TapMatch.ANY, 100, Delivery.WHOLE)).orElseThrow(), "a", "b");

        assertThat(client.answer).as("what the client got").isEqualTo("an answer");
        TapMessage.Whole whole = (TapMessage.Whole) messages.getFirst();
        assertThat(whole.request().headers())
                .extracting(field -> field.name() + "=" + field.value())
                .containsExactly(
                        ":authority=shop",
                        ":path=/pay",
                        ":method=POST",
                        ":scheme=http",
                        "authorization=[redacted]",
                        "x-user=[redacted]",
                        "x-email=[redacted]",
                        "name=\u00fc");
        assertThat(whole.request().body().map(TapTest::text)).contains("question");
        assertThat(whole.response().headers())
                .containsExactly(new TapField(":status", "201"), new TapField("a", "b"));
        assertThat(whole.response().body().map(TapTest::text)).contains("an answer");
        assertThat(whole.response().trailers())
                .containsExactly(
                        new TapField("cookie", "[redacted]"), new TapField("grpc-status", "0"));
        assertThat(whole.request().received()).contains(clock.instant());
        assertThat(whole.downstream().orElseThrow().remote()).isEqualTo(client.peer().remote());
        assertThat(whole.upstream()).contains(new InetSocketAddress("127.0.0.2", 80));
    }

    @Test
    void a_body_is_kept_up_to_its_limit() {
        exchange(begin(taps(10_000), spec(TapMatch.ANY, 5, Delivery.WHOLE)).orElseThrow());

        TapMessage.Whole whole = (TapMessage.Whole) messages.getFirst();
        assertThat(whole.request().body().map(TapTest::text)).contains("quest…");
        assertThat(whole.response().body().map(TapTest::text)).contains("an an…");
        assertThat(client.answer).as("what the client got").isEqualTo("an answer");
    }

    @Test
    void parts_are_told_as_they_come_once_it_is_known_that_they_match() {
        Taps taps = taps(10_000);
        exchange(begin(taps, spec(FAILED, 6, Delivery.SEGMENTS)).orElseThrow(), "x-failed", "yes");

        assertThat(messages)
                .extracting(message ->
                        switch (message) {
                            case TapMessage.Fields fields -> fields.part().name();
                            case TapMessage.Piece piece -> piece.side() + " " + text(piece.body());
                            case TapMessage.Whole whole -> "whole";
                        })
                .containsExactly(
                        "REQUEST_HEADERS",
                        "REQUEST questi…",
                        "RESPONSE_HEADERS",
                        "RESPONSE an ",
                        "RESPONSE answer",
                        "RESPONSE_TRAILERS");
        assertThat(messages).extracting(TapMessage::exchange).containsOnly(7L);
    }

    @Test
    void an_exchange_that_does_not_match_leaves_nothing() {
        Taps taps = taps(10_000);
        for (Delivery delivery : Delivery.values()) {
            exchange(begin(taps, spec(FAILED, 100, delivery)).orElseThrow());
        }

        assertThat(messages).isEmpty();
        assertThat(taps.held()).as("memory held").isZero();
        assertThat(begin(taps, spec(TapMatch.NONE, 100, Delivery.WHOLE)))
                .as("a tap that can't match")
                .isEmpty();
    }

    @Test
    void memory_comes_back_when_messages_are_written_or_lost() {
        Taps taps = taps(100_000);
        for (Delivery delivery : Delivery.values()) {
            exchange(begin(taps, spec(FAILED, 100, delivery)).orElseThrow(), "x-failed", "yes");
        }
        assertThat(taps.held()).as("memory that waiting messages hold").isPositive();

        overs.getFirst().written();
        overs.subList(1, overs.size()).forEach(TapOutlet.Over::lost);

        assertThat(taps.held()).as("memory held at the end").isZero();
        assertThat(taps.counts().allWritten()).isEqualTo(1);
        assertThat(taps.counts().allLost()).isEqualTo(overs.size() - 1);
    }

    @Test
    void without_memory_bodies_are_cut_and_exchanges_left_out() {
        long head = TapMemory.of(SHIELD.request(client.request()));
        Taps tight = taps(head + 300);
        exchange(begin(tight, spec(TapMatch.ANY, 100, Delivery.WHOLE)).orElseThrow());
        assertThat(begin(tight, spec(TapMatch.ANY, 100, Delivery.WHOLE)))
                .as("a second one, while the first waits")
                .isEmpty();
        assertThat(tight.counts().allLost()).isEqualTo(1);

        Taps tiny = taps(head + 1);
        Tapping given = begin(tiny, spec(TapMatch.ANY, 100, Delivery.WHOLE)).orElseThrow();
        exchange(given);
        assertThat(messages).as("the first only").hasSize(1);
        assertThat(tiny.held()).isZero();
        assertThat(tiny.counts().allLost()).as("it was given up").isEqualTo(1);
    }

    @Test
    void one_client_at_a_time_taps_an_id() {
        Taps taps = taps(1);
        TapSpec spec = spec(TapMatch.ANY, 1, Delivery.WHOLE);
        TapOutlet outlet = (message, same, over) -> {};

        Runnable first = taps.attach("shop", spec, outlet).orElseThrow();
        assertThat(taps.attach("shop", spec, outlet)).as("a second client").isEmpty();
        assertThat(taps.attached("shop")).isPresent();
        assertThat(taps.attached("other")).isEmpty();

        first.run();
        assertThat(taps.attached("shop")).isEmpty();
        assertThat(taps.attach("shop", spec, outlet)).as("after the first").isPresent();
    }

    /** A client whose request is sent by the test. */
    private static final class Client implements ServerStream, BodySource, BodySink {
        private final RequestHead head =
                new RequestHead(
                        "POST",
                        "http",
                        "shop",
                        "/pay",
                        new HeaderBlock()
                                .add("authorization", "Basic secret")
                                .add("x-user", "4711")
                                .add("x-email", "a@b")
                                .add("name", "\u00c3\u00bc"));
        private final StringBuilder got = new StringBuilder();
        private BodyReceiver receiver = new Ignoring();
        private String answer = "";

        void send(String text, boolean last) {
            receiver.onData(bytes(text), last);
        }

        @Override
        public Peer peer() {
            return new Peer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 2),
                    HttpProtocol.HTTP_1_1,
                    /* secure= */ false,
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public RequestHead request() {
            return head;
        }

        @Override
        public boolean requestEnded() {
            return false;
        }

        @Override
        public BodySource requestBody() {
            return this;
        }

        @Override
        public void interim(ResponseHead interim) {}

        @Override
        public BodySink respond(ResponseHead response, boolean ended) {
            return this;
        }

        @Override
        public void reset(StreamReset reset) {}

        @Override
        public void onClientGone(Consumer<StreamReset> callback) {}

        @Override
        public void drainConnection() {}

        @Override
        public void onComplete(Runnable callback) {}

        @Override
        public void start(BodyReceiver to) {
            receiver = to;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void cancel(StreamReset reset) {}

        @Override
        public void data(ByteBuf data, boolean last) {
            got.append(data.toString(StandardCharsets.UTF_8));
            data.release();
            answer = got.toString();
        }

        @Override
        public void trailers(HeaderBlock trailers) {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void onWritable(Runnable callback) {}
    }

    /** Releases what it gets. */
    private static final class Ignoring implements BodyReceiver {
        @Override
        public void onData(ByteBuf data, boolean last) {
            data.release();
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {}

        @Override
        public void onReset(StreamReset reset) {}
    }
}
