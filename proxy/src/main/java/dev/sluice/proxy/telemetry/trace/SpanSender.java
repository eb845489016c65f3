package dev.sluice.proxy.telemetry.trace;

import com.google.protobuf.ByteString;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import java.util.concurrent.CompletableFuture;

/** Sends a batch to a collector. Thread-safe. */
@FunctionalInterface
public interface SpanSender {
    /**
     * Sends one batch; completes within the target's timeout, and never with an exception.
     *
     * @param request an {@code ExportTraceServiceRequest} in its own bytes
     */
    CompletableFuture<Result> send(SpanTarget target, ByteString request);

    /** What became of a batch. */
    sealed interface Result {
        /** The collector has it. */
        record Taken() implements Result {}

        /**
         * It may be taken later (OTLP: unavailable, overloaded, late).
         *
         * @param why one line
         */
        record Later(String why) implements Result {}

        /**
         * It never will be.
         *
         * @param why one line
         */
        record Refused(String why) implements Result {}
    }
}
