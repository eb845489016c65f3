package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HopByHop;
import dev.sluice.proxy.exchange.Octets;
import io.netty.buffer.ByteBuf;

/**
 * Finds chunks and trailers (RFC 9112 section 7.1) and accepts one spelling only: hexadecimal
 * digits, an optional short extension, CRLF. Loop-owned, one per body.
 */
final class ChunkScanner {
    /** What the bytes up to here mean. */
    enum Step {
        NEEDS_MORE,
        /** {@link #left} bytes of data follow. */
        DATA,
        /** The body is complete; {@link #trailers} are known. */
        END,
        MALFORMED
    }

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        END
    }

    private static final int MOST_DIGITS = 15;
    private static final int MOST_EXTENSION_BYTES = 256;
    private static final int MOST_TRAILER_BYTES = 16 * 1024;

    private final HeadScanner trailerScanner = new HeadScanner(MOST_TRAILER_BYTES);
    private HeaderBlock trailers = new HeaderBlock();
    private State state = State.SIZE;
    private long size;
    private int digits;
    private int extension;

    /** Data bytes left of the current chunk. */
    long left() {
        return size;
    }

    HeaderBlock trailers() {
        return trailers;
    }

    /** Data bytes were taken from the input. */
    void taken(int bytes) {
        size -= bytes;
        if (size == 0) {
            state = State.DATA_CR;
        }
    }

    /** Reads framing up to data, the end, or the end of the input. */
    Step advance(ByteBuf input) {
        while (true) {
            switch (state) {
                case DATA -> {
                    return input.isReadable() ? Step.DATA : Step.NEEDS_MORE;
                }
                case TRAILERS -> {
                    return readTrailers(input);
                }
                case END -> {
                    return Step.END;
                }
                case SIZE, EXTENSION, SIZE_LF, DATA_CR, DATA_LF -> {
                    if (!input.isReadable()) {
                        return Step.NEEDS_MORE;
                    }
                    if (!accept(input.readByte())) {
                        return Step.MALFORMED;
                    }
                }
            }
        }
    }

    private boolean accept(byte octet) {
        return switch (state) {
            case SIZE -> acceptSize(octet);
            case EXTENSION -> acceptExtension(octet);
            case SIZE_LF -> octet == Octets.LF && next(size == 0 ? State.TRAILERS : State.DATA);
            case DATA_CR -> octet == Octets.CR && next(State.DATA_LF);
            case DATA_LF -> octet == Octets.LF && startChunk();
            case DATA, TRAILERS, END ->
                    throw new IllegalStateException("no framing byte expected in state " + state);
        };
    }

    private boolean acceptSize(byte octet) {
        int digit = Octets.hex(octet);
        if (digit >= 0) {
            size = size << 4 | digit;
            return ++digits <= MOST_DIGITS;
        }
        if (digits == 0) {
            return false;
        }
        if (octet == ';') {
            return next(State.EXTENSION);
        }
        return octet == Octets.CR && next(State.SIZE_LF);
    }

    private boolean acceptExtension(byte octet) {
        if (octet == Octets.CR) {
            return next(State.SIZE_LF);
        }
        return Octets.isValue(octet) && ++extension <= MOST_EXTENSION_BYTES;
    }

    private boolean startChunk() {
        size = 0;
        digits = 0;
        extension = 0;
        return next(State.SIZE);
    }

    private boolean next(State to) {
        state = to;
        return true;
    }

    private Step readTrailers(ByteBuf input) {
        int length = trailerScanner.scan(input);
        if (length == HeadScanner.INCOMPLETE) {
            return Step.NEEDS_MORE;
        }
        if (length < 0) {
            return Step.MALFORMED;
        }
        byte[] section = new byte[length];
        input.readBytes(section);
        FieldParser fields = new FieldParser(section);
        if (!fields.parse(0, length - 2)) {
            return Step.MALFORMED;
        }
        trailers = fields.fields();
        HopByHop.removeForbiddenInTrailers(trailers);
        state = State.END;
        return Step.END;
    }
}
