package dev.sluice.chaos.load.http;

import dev.sluice.chaos.load.Answer;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads of answers what the ledger keeps. Immutable, but for the texts that answers share. */
final class AnswerReader {
    private static final String DECISION = "x-sluice-decision";
    private static final String DIGEST = "content-digest";
    private static final Pattern SHA256 =
            Pattern.compile("(?:^|[,\\s])sha-256=:([A-Za-z0-9+/]{43}=):");

    private final String idHeader;
    private final BodyReader.Sought sought;
    private final SameTexts texts = new SameTexts();

    /**
     * @param idHeader in which an answer may repeat the request's id
     * @param sought in bodies
     */
    AnswerReader(String idHeader, BodyReader.Sought sought) {
        this.idHeader = idHeader;
        this.sought = sought;
    }

    /** For the body of one answer. */
    BodyReader body() {
        return new BodyReader(sought);
    }

    /** What a whole answer was. */
    Answer complete(String id, HttpResponse head, BodyReader body) {
        HttpHeaders headers = head.headers();
        long length = HttpUtil.getContentLength(head, -1L);
        return new Answer.Complete(
                head.status().code(),
                Optional.ofNullable(headers.get(idHeader)).map(id::equals),
                Optional.ofNullable(headers.get(DECISION)).map(texts::of),
                body.end(
                        length < 0 ? OptionalLong.empty() : OptionalLong.of(length),
                        digest(headers).map(texts::of),
                        texts));
    }

    private static Optional<String> digest(HttpHeaders headers) {
        if (!headers.contains(DIGEST)) {
            return Optional.empty();
        }
        Matcher found = SHA256.matcher(String.join(", ", headers.getAll(DIGEST)));
        return found.find()
                ? Optional.of(HexFormat.of().formatHex(Base64.getDecoder().decode(found.group(1))))
                : Optional.empty();
    }
}
