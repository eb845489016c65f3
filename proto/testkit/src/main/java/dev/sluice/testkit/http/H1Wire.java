package dev.sluice.testkit.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads HTTP/1.1 messages from a stream, strictly: what RFC 9112 leaves to the recipient is an
 * error here, so that a test sees it. Owned by one thread.
 */
final class H1Wire {
    private final InputStream in;

    H1Wire(InputStream in) {
        this.in = in;
    }

    /** Start line and header section. */
    record Head(String startLine, Headers headers) {}

    /** Body and the fields after it. */
    record Content(Body body, Headers trailers) {
        static final Content NONE = new Content(Body.EMPTY, Headers.NONE);
    }

    /** The next head; empty when the peer ended cleanly before its first byte. */
    Optional<Head> head() throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        return Optional.of(new Head(line(first), fields()));
    }

    /** The body of a request, by RFC 9112 §6.3: without a length there is none. */
    Content requestContent(Headers headers) throws IOException {
        return chunked(headers) ? chunks() : new Content(sized(length(headers)), Headers.NONE);
    }

    /** The body of an answer to anything but HEAD: without a length it ends with the stream. */
    Content responseContent(int status, Headers headers) throws IOException {
        if (status < 200 || status == 204 || status == 304) {
            return Content.NONE;
        }
        if (chunked(headers)) {
            return chunks();
        }
        Body body =
                headers.has("content-length") ? sized(length(headers)) : Body.of(in.readAllBytes());
        return new Content(body, Headers.NONE);
    }

    /** One chunk of a chunked body; an empty one is the last. */
    Body chunk() throws IOException {
        String line = line(in.read());
        int size = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
        Body chunk = sized(size);
        if (size > 0 && !line(in.read()).isEmpty()) {
            throw new IOException("chunk of " + size + " bytes is not followed by CRLF");
        }
        return chunk;
    }

    /** Header or trailer fields up to and with the empty line. */
    Headers fields() throws IOException {
        List<Headers.Field> fields = new ArrayList<>();
        for (String line = line(in.read()); !line.isEmpty(); line = line(in.read())) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("header line '" + line + "' (expected: name: value)");
            }
            fields.add(
                    new Headers.Field(line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return new Headers(fields);
    }

    static boolean chunked(Headers headers) {
        return headers.first("transfer-encoding").filter("chunked"::equalsIgnoreCase).isPresent();
    }

    private Content chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Body chunk = chunk(); chunk.size() > 0; chunk = chunk()) {
            body.writeBytes(chunk.bytes());
        }
        return new Content(Body.of(body.toByteArray()), fields());
    }

    private Body sized(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException(
                    "peer ended after " + bytes.length + " of " + size + " body bytes");
        }
        return Body.of(bytes);
    }

    private static int length(Headers headers) throws IOException {
        List<String> lengths = headers.all("content-length").stream().distinct().toList();
        if (lengths.size() > 1) {
            throw new IOException("content-length " + lengths + " (expected: one value)");
        }
        return lengths.isEmpty() ? 0 : Integer.parseInt(lengths.getFirst());
    }

    private String line(int first) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = first; next != '\r'; next = in.read()) {
            if (next < 0 || next == '\n') {
                throw new EOFException(
                        (next < 0 ? "peer ended" : "bare LF")
                                + " inside line '"
                                + line.toString(StandardCharsets.ISO_8859_1)
                                + "' (expected: CRLF)");
            }
            line.write(next);
        }
        int lineFeed = in.read();
        if (lineFeed != '\n') {
            throw new IOException("CR is followed by " + lineFeed + " (expected: LF)");
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
