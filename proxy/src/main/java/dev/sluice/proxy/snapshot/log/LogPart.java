package dev.sluice.proxy.snapshot.log;

import java.util.Optional;
import java.util.OptionalInt;

/** One piece of a line: a text, or a command operator of Envoy's access logs. Immutable. */
public sealed interface LogPart {
    /** The whole {@code :path}. */
    Field PATH = new Field(Block.REQUEST, ":path", Optional.empty(), View.WHOLE, Integer.MAX_VALUE);

    /** Text that stands in every line. */
    record Literal(String text) implements LogPart {}

    /** An operator without arguments. */
    record Fact(LogFact fact) implements LogPart {}

    /** {@code START_TIME}. */
    record Start(TimePattern pattern) implements LogPart {}

    /**
     * A field of a head or of trailers: {@code REQ}, {@code RESP}, {@code TRAILER}.
     *
     * @param name lower case
     * @param alternative asked when the first is not there
     * @param longest characters that are shown; {@link Integer#MAX_VALUE}: all
     */
    record Field(Block block, String name, Optional<String> alternative, View view, int longest)
            implements LogPart {}

    /** How much of a field. */
    enum View {
        WHOLE,
        /** Of a path: up to its query. */
        WITHOUT_QUERY
    }

    /**
     * {@code QUERY_PARAM}: the first of this name, percent-decoded.
     *
     * @param longest characters that are shown; {@link Integer#MAX_VALUE}: all
     */
    record Query(String name, int longest) implements LogPart {}

    /** The second where the first has no value. */
    record Either(LogPart first, LogPart second) implements LogPart {}

    /** Where a field stands. */
    enum Block {
        REQUEST,
        RESPONSE,
        TRAILERS
    }

    /**
     * {@code DYNAMIC_METADATA}.
     *
     * @param namespace such as {@code sluice.gate}
     * @param key absent: everything in the namespace, as an object
     * @param longest characters that are shown; {@link Integer#MAX_VALUE}: all
     */
    record Metadata(String namespace, Optional<String> key, int longest) implements LogPart {}

    /**
     * An address, or a part of one.
     *
     * @param maskBits network bits that are shown, in CIDR notation; only without port
     */
    record Address(End end, Portion portion, OptionalInt maskBits) implements LogPart {}

    /** Whose address; operators are named by it. */
    enum End {
        DOWNSTREAM_REMOTE,
        DOWNSTREAM_LOCAL,
        DOWNSTREAM_DIRECT_REMOTE,
        DOWNSTREAM_DIRECT_LOCAL,
        UPSTREAM_REMOTE,
        UPSTREAM_LOCAL
    }

    /** How much of an address. */
    enum Portion {
        WHOLE,
        WITHOUT_PORT,
        PORT
    }

    /** {@code GRPC_STATUS}. */
    record Grpc(GrpcForm form) implements LogPart {}

    /** How a gRPC status is written. */
    enum GrpcForm {
        CAMEL_STRING,
        SNAKE_STRING,
        NUMBER
    }

    /** A value that was settled when the format was read; absent: there is none. */
    record Settled(Optional<String> value) implements LogPart {}
}
