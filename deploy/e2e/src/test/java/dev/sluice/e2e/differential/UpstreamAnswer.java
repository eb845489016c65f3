package dev.sluice.e2e.differential;

import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Exchange;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.Headers;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.util.List;

/** What an upstream does about one request, in either protocol. Immutable. */
sealed interface UpstreamAnswer {
    /** Header that says which upstream has answered: without it, the proxy itself has. */
    String MARK = "x-upstream";

    /** Played over HTTP/1.1 by the upstream of that name. */
    H1Answer h1(String upstream);

    /** Played over HTTP/2 by the upstream of that name. */
    H2Answer h2(String upstream);

    /**
     * A message as HTTP means it.
     *
     * @param interim statuses of 1xx answers that come first, each with a {@code link} field
     * @param headers without framing, which is added as each protocol has it
     */
    record Message(List<Integer> interim, int status, Headers headers, Body body, Headers trailers)
            implements UpstreamAnswer {
        static final Message OK =
                new Message(List.of(), 200, Headers.NONE, Body.of("ok"), Headers.NONE);

        private static final String LINK = "</style.css>; rel=preload";

        @Override
        public H1Answer h1(String upstream) {
            H1Answer answer = exchange -> playH1(exchange, marked(upstream));
            for (int status : interim.reversed()) {
                answer = answer.afterInterim(status, "link", LINK);
            }
            return answer;
        }

        private void playH1(H1Exchange exchange, Headers marked) throws IOException {
            if (trailers.fields().isEmpty()) {
                H1Answer.of(status, marked, body).play(exchange);
                return;
            }
            exchange.sendHead(status, marked.with("transfer-encoding", "chunked"));
            if (body.size() > 0) {
                exchange.sendChunk(body.bytes());
            }
            exchange.endChunks(trailers);
        }

        @Override
        public H2Answer h2(String upstream) {
            H2Answer answer = H2Answer.of(status, marked(upstream), body, trailers);
            for (int status : interim.reversed()) {
                answer = answer.afterInterim(status, "link", LINK);
            }
            return answer;
        }

        private Headers marked(String upstream) {
            return headers.with(MARK, upstream);
        }
    }

    /**
     * Exactly these bytes of HTTP/1; the connection then ends or lives on.
     *
     * @param wire as ISO-8859-1
     */
    record Raw(String wire, Then then) implements UpstreamAnswer {
        @Override
        public H1Answer h1(String upstream) {
            H1Answer answer = H1Answer.raw(wire);
            return switch (then) {
                case STAYS -> answer;
                case CLOSES -> answer.thenClose();
                case RESETS -> answer.thenReset();
            };
        }

        @Override
        public H2Answer h2(String upstream) {
            return H2Answer.reset(Http2Error.INTERNAL_ERROR);
        }
    }

    /** No answer until the proxy gives up. */
    record Silence() implements UpstreamAnswer {
        @Override
        public H1Answer h1(String upstream) {
            return H1Answer.silence();
        }

        @Override
        public H2Answer h2(String upstream) {
            return H2Answer.silence();
        }
    }

    /** RST_STREAM with this code; over HTTP/1 the connection is reset. */
    record Reset(Http2Error code) implements UpstreamAnswer {
        @Override
        public H1Answer h1(String upstream) {
            return H1Answer.reset();
        }

        @Override
        public H2Answer h2(String upstream) {
            return H2Answer.reset(code);
        }
    }

    /** What becomes of the connection after raw bytes. */
    enum Then {
        STAYS,
        CLOSES,
        RESETS
    }
}
