package dev.sluice.proxy.boot;

import dev.sluice.testkit.http.H2Event;
import dev.sluice.testkit.http.H2Stream;

/** What comes in on a stream of HTTP/2 as one text. */
final class StreamText {
    private final H2Stream stream;
    private final StringBuilder read = new StringBuilder();
    private boolean ended;

    StreamText(H2Stream stream) {
        this.stream = stream;
    }

    /** The next bytes; fewer when the half ends before. */
    String read(int bytes) {
        while (read.length() < bytes && !ended) {
            readEvent();
        }
        String first = read.substring(0, Math.min(bytes, read.length()));
        read.delete(0, first.length());
        return first;
    }

    /** All that comes, and {@code reset} with the code where it ends so. */
    String readToEnd() {
        while (!ended) {
            readEvent();
        }
        return read.toString();
    }

    private void readEvent() {
        switch (stream.nextEvent()) {
            case H2Event.Data data -> {
                read.append(data.body().text());
                ended = data.last();
            }
            case H2Event.Head head -> ended = head.last();
            case H2Event.Reset(long code) -> {
                read.append("reset ").append(code);
                ended = true;
            }
            case H2Event.GivenUp _, H2Event.Disconnected _ -> ended = true;
        }
    }
}
