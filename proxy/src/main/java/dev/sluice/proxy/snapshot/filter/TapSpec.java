package dev.sluice.proxy.snapshot.filter;

import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import java.time.Duration;
import java.util.Optional;

/**
 * What a tap records, and where that goes (Envoy {@code TapConfig}). Immutable.
 *
 * @param match which exchanges
 * @param enabled share of exchanges that are looked at; default: all
 * @param requestBytes of a request's body that are kept, 0..; default 1,024. A part of the body
 *     where {@code delivery} is by segments
 * @param responseBytes the same of an answer's body
 * @param delivery how an exchange is told
 * @param format in which it is written
 * @param sink where it goes
 */
public record TapSpec(
        TapMatch match,
        RuntimeShare enabled,
        int requestBytes,
        int responseBytes,
        Delivery delivery,
        Format format,
        Sink sink) {
    /** How an exchange is told. */
    public enum Delivery {
        /** As one message, at its end. */
        WHOLE,
        /** As one message for each part, as soon as that has come and is known to match. */
        SEGMENTS
    }

    /** How messages are written. */
    public enum Format {
        /** JSON, with bodies in base64. */
        JSON_BODY_AS_BYTES,
        /** JSON, with bodies as text; what is no UTF-8 in them is replaced. */
        JSON_BODY_AS_STRING,
        /** Protobuf. */
        PROTO_BINARY,
        /** Protobuf, each message after its length as a varint. */
        PROTO_BINARY_LENGTH_DELIMITED,
        /** Protobuf's text format. */
        PROTO_TEXT
    }

    /** Where messages go. */
    public sealed interface Sink {
        /** To the client of {@code /tap}, one by one. */
        record Streamed() implements Sink {}

        /**
         * To the client of {@code /tap}, all at once.
         *
         * @param most messages, at least 1
         * @param timeout after which those are sent that there are; absent: none
         */
        record Gathered(long most, Optional<Duration> timeout) implements Sink {}

        /**
         * To a file of its own for each exchange.
         *
         * @param prefix of the file's path; {@code _}, a number and the format's ending follow
         */
        record Files(String prefix) implements Sink {}
    }
}
