package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.codec.http1.ResponseParser.Parsed;
import dev.sluice.proxy.exchange.ResponseHead;
import org.jspecify.annotations.Nullable;

/** Reads the heads of answers, interim ones first. Loop-owned. */
final class AnswerReader {
    private final ResponseParser parser;
    private final HeadScanner scanner;
    private int interimHeads;

    /**
     * @param maxHeadBytes of a head with its empty line
     * @param maxHeaders fields of a head
     */
    AnswerReader(int maxHeadBytes, int maxHeaders) {
        parser = new ResponseParser(maxHeaders);
        scanner = new HeadScanner(maxHeadBytes);
    }

    /** The answer to another request comes next. */
    void begin() {
        interimHeads = 0;
    }

    /**
     * Takes a head off the wire.
     *
     * @param method of the request
     * @return null: not all of it has come
     */
    @Nullable Parsed next(Wire wire, CharSequence method) {
        if (!wire.input().isReadable()) {
            return null;
        }
        int length = scanner.scan(wire.input());
        if (length == HeadScanner.INCOMPLETE) {
            return null;
        }
        if (length < 0) {
            return new Parsed.Malformed(
                    length == HeadScanner.BARE_LF
                            ? "a line of the head ends without CR"
                            : "the head is over its limit");
        }
        return bounded(parser.parse(wire.takeBytes(length), method));
    }

    private Parsed bounded(Parsed parsed) {
        if (parsed instanceof Parsed.Accepted accepted
                && !accepted.head().isTunnel()
                && accepted.head().isInterim()
                && ++interimHeads > ResponseHead.MOST_INTERIM) {
            return new Parsed.Malformed(
                    "more than " + ResponseHead.MOST_INTERIM + " interim heads");
        }
        return parsed;
    }
}
