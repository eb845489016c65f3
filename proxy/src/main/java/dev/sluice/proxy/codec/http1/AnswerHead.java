package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.ContentLength;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * The final head of an answer as it stands on the wire: how its body is framed, given what was
 * asked, and the fields that say so. Immutable, but for the fields of {@code head}.
 *
 * @param head whose {@code content-length} is made to say what the framing does
 * @param request what it answers
 * @param framing of the body that follows
 */
record AnswerHead(ResponseHead head, ParsedRequest.Accepted request, BodyFraming framing) {
    /**
     * The head of an answer.
     *
     * @param ended whether no body follows
     */
    static AnswerHead of(ResponseHead head, ParsedRequest.Accepted request, boolean ended) {
        return new AnswerHead(head, request, framing(head, request, ended));
    }

    /**
     * The answer to a request that is refused unread; the connection ends with it.
     *
     * @param proxyStatus value of {@code proxy-status}; empty: none
     * @return its bytes
     */
    static ByteBuf refusal(CodecRefusal refusal, String proxyStatus, Wire wire) {
        return HeadWriter.start()
                .text(StatusLine.of(refusal.status()))
                .ascii("content-length: 0\r\nconnection: close\r\n")
                .ascii(proxyStatus.isEmpty() ? "" : "proxy-status: " + proxyStatus + "\r\n")
                .end(wire);
    }

    private static BodyFraming framing(
            ResponseHead head, ParsedRequest.Accepted request, boolean ended) {
        if (isTunnel(head, request)) {
            return new BodyFraming.UntilClose();
        }
        if ("HEAD".contentEquals(request.head().method())
                || head.status() == 204
                || head.status() == 304) {
            return new BodyFraming.None();
        }
        CharSequence announced = head.headers().first(HeaderNames.CONTENT_LENGTH);
        long length = announced == null ? -1 : ContentLength.parse(announced);
        if (length >= 0 && (!ended || length == 0)) {
            return new BodyFraming.Length(length);
        }
        if (ended) {
            return new BodyFraming.Length(0);
        }
        return request.http10() ? new BodyFraming.UntilClose() : new BodyFraming.Chunked();
    }

    /** Whether it changes the protocol, as it was asked to. */
    boolean isTunnel() {
        return isTunnel(head, request);
    }

    private static boolean isTunnel(ResponseHead head, ParsedRequest.Accepted request) {
        return head.isTunnel() && request.isUpgrade();
    }

    /** Whether the end of the body is told by the end of the connection. */
    boolean endsConnection() {
        return framing instanceof BodyFraming.UntilClose;
    }

    /**
     * The bytes.
     *
     * @param keepsAlive whether the connection goes on after this answer
     */
    ByteBuf encode(Wire wire, boolean keepsAlive) {
        HeadWriter writer = HeadWriter.start().text(StatusLine.of(head.status()));
        settleLength();
        writer.fields(head.headers());
        if (framing instanceof BodyFraming.Chunked) {
            writer.ascii("transfer-encoding: chunked\r\n");
        }
        if (isTunnel()) {
            return (head.status() == 101 ? changed(writer) : writer).end(wire);
        }
        if (!keepsAlive) {
            writer.ascii("connection: close\r\n");
        } else if (request.http10()) {
            writer.ascii("connection: keep-alive\r\n");
        }
        return writer.end(wire);
    }

    private HeadWriter changed(HeadWriter writer) {
        return writer.field(HeaderNames.UPGRADE, protocol()).ascii("connection: upgrade\r\n");
    }

    private CharSequence protocol() {
        CharSequence changed = head.headers().first(HeaderNames.UPGRADE);
        return changed != null ? changed : Objects.requireNonNull(request.head().upgrade());
    }

    /** Makes {@code content-length} say what the framing does; HEAD and 304 keep what they say. */
    private void settleLength() {
        HeaderBlock fields = head.headers();
        CharSequence announced = fields.first(HeaderNames.CONTENT_LENGTH);
        switch (framing) {
            case BodyFraming.Length(long bytes) -> {
                if (announced == null || ContentLength.parse(announced) != bytes) {
                    fields.set(HeaderNames.CONTENT_LENGTH, Long.toString(bytes));
                }
            }
            case BodyFraming.None _ -> {
                if (head.status() == 204) {
                    fields.remove(HeaderNames.CONTENT_LENGTH);
                }
            }
            case BodyFraming.Chunked _, BodyFraming.UntilClose _ ->
                    fields.remove(HeaderNames.CONTENT_LENGTH);
        }
    }
}
