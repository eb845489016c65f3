package dev.sluice.proxy.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import dev.sluice.proxy.telemetry.TracedExchange;
import dev.sluice.testkit.Mailbox;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanQueueTest {
    private static final SpanQueue.Pace FAST =
            new SpanQueue.Pace(
                    Duration.ofMillis(1), 3, Duration.ofMillis(1), Duration.ofSeconds(30));

    private final Collector collector = new Collector();
    private final SpanQueue queue = new SpanQueue(TracedExchange.TARGET, collector, FAST);

    /** Keeps each batch until the test says what becomes of it. */
    private static final class Collector implements SpanSender {
        private final Mailbox<Batch> batches = new Mailbox<>("a batch of spans");

        private record Batch(ExportTraceServiceRequest request, CompletableFuture<Result> result) {
            int spans() {
                return request.getResourceSpans(0).getScopeSpans(0).getSpansCount();
            }
        }

        @Override
        public CompletableFuture<Result> send(SpanTarget target, ByteString request) {
            CompletableFuture<Result> result = new CompletableFuture<>();
            try {
                batches.put(new Batch(ExportTraceServiceRequest.parseFrom(request), result));
            } catch (InvalidProtocolBufferException malformed) {
                throw new AssertionError(malformed);
            }
            return result;
        }

        void answer(SpanSender.Result result) {
            batches.next().result().complete(result);
        }
    }

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void spans_go_out_with_the_name_of_the_service_and_are_counted() {
        queue.put(TracedExchange.late());

        Collector.Batch batch = collector.batches.next();
        batch.result().complete(new SpanSender.Result.Taken());
        queue.close();

        assertThat(batch.spans()).isEqualTo(2);
        assertThat(batch.request().getResourceSpans(0).getResource().getAttributes(0).getValue())
                .extracting(value -> value.getStringValue())
                .isEqualTo("shop");
        assertThat(queue.sent()).isEqualTo(2);
        assertThat(queue.dropped()).isZero();
    }

    @Test
    void a_batch_that_may_be_taken_later_is_tried_again() {
        queue.put(TracedExchange.late());

        collector.answer(new SpanSender.Result.Later("busy"));
        collector.answer(new SpanSender.Result.Taken());
        queue.close();

        assertThat(queue.sent()).isEqualTo(2);
        assertThat(queue.dropped()).isZero();
    }

    @Test
    void a_batch_that_no_try_brings_away_is_dropped_and_counted() {
        queue.put(TracedExchange.late());

        for (int i = 0; i < FAST.tries(); i++) {
            collector.answer(new SpanSender.Result.Later("busy"));
        }
        queue.close();

        assertThat(queue.sent()).isZero();
        assertThat(queue.dropped()).isEqualTo(1);
    }

    @Test
    void a_batch_that_is_refused_is_not_tried_again() {
        queue.put(TracedExchange.late());

        collector.answer(new SpanSender.Result.Refused("no such service"));
        queue.close();

        assertThat(queue.dropped()).isEqualTo(1);
        assertThat(collector.batches.received()).hasSize(1);
    }

    @Test
    void what_finds_no_room_while_a_batch_is_under_way_is_counted() {
        queue.put(TracedExchange.late());
        Collector.Batch first = collector.batches.next();
        for (int i = 0; i < SpanQueue.QUEUE + 3; i++) {
            queue.put(TracedExchange.unsampled());
        }

        assertThat(queue.dropped()).isEqualTo(3);
        first.result().complete(new SpanSender.Result.Taken());
        int waiting = SpanQueue.QUEUE;
        while (waiting > 0) {
            Collector.Batch next = collector.batches.next();
            assertThat(next.spans()).as("spans of a batch").isBetween(1, SpanQueue.BATCH);
            waiting -= next.spans();
            next.result().complete(new SpanSender.Result.Taken());
        }
    }
}
