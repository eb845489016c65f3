package dev.sluice.e2e.chaos;

import dev.sluice.admin.v1.Protocol;
import dev.sluice.testkit.grpc.GrpcUpstream;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Exchange;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * Where the versions of a laboratory's shop are. Immutable.
 *
 * @param legacy port of LEGACY
 * @param fresh port of one endpoint of NEW
 * @param second port of the other
 * @param protocol that they speak
 * @param ends what closes them
 */
record Doors(int legacy, int fresh, int second, Protocol protocol, List<Runnable> ends)
        implements AutoCloseable {
    /** What every word of a version ends with, so that a part of it is not taken for the whole. */
    static final String END = ".";

    private static final byte[] PIECE = new byte[100_000];
    private static final int PIECES = 100;

    /** Each says its version with its digest, or at {@code /big} ten megabytes. */
    static Doors http() {
        H1Upstream legacy = H1Upstream.start(request -> answer(request, "legacy"));
        H1Upstream fresh = H1Upstream.start(request -> answer(request, "new"));
        H1Upstream second = H1Upstream.start(request -> answer(request, "new"));
        return new Doors(
                legacy.port(),
                fresh.port(),
                second.port(),
                Protocol.HTTP1,
                List.of(legacy::close, fresh::close, second::close));
    }

    private static H1Answer answer(H1Request request, String version) {
        return request.target().equals("/big") ? Doors::tenMegabytes : word(version + END);
    }

    /** With its digest (RFC 9530), by which users know it from one with wrong bits. */
    private static H1Answer word(String word) {
        Body body = Body.of(word);
        String digest = Base64.getEncoder().encodeToString(sha256(body.bytes()));
        return H1Answer.of(200, Headers.of("content-digest", "sha-256=:" + digest + ":"), body);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void tenMegabytes(H1Exchange exchange) throws IOException {
        exchange.send("HTTP/1.1 200 OK\r\ncontent-length: " + PIECES * PIECE.length + "\r\n\r\n");
        for (int i = 0; i < PIECES; i++) {
            exchange.send(PIECE);
        }
    }

    /** Each sends back what calls say. */
    static Doors grpc() {
        GrpcUpstream legacy = GrpcUpstream.echo();
        GrpcUpstream fresh = GrpcUpstream.echo();
        GrpcUpstream second = GrpcUpstream.echo();
        return new Doors(
                legacy.port(),
                fresh.port(),
                second.port(),
                Protocol.HTTP2,
                List.of(legacy::close, fresh::close, second::close));
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
