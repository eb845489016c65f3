package dev.sluice.chaos.load.http;

import dev.sluice.chaos.load.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request from its first moment to the end of its answer. Owned by its event loop. */
final class Exchange {
    static final String LATE = "no whole answer in time";

    private final String id;
    private final AnswerReader reader;
    private final BodyReader body;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private @Nullable HttpResponse head;
    private @Nullable Future<?> limit;
    private Runnable onLate = () -> {};

    Exchange(String id, AnswerReader reader) {
        this.id = id;
        this.reader = reader;
        this.body = reader.body();
    }

    /** What became of it; any thread may wait for it, and it never completes with an error. */
    CompletableFuture<Answer> answer() {
        return answer;
    }

    /** It has an end already. */
    boolean isOver() {
        return answer.isDone();
    }

    /**
     * @param timer that calls {@link #late}
     */
    void limit(Future<?> timer) {
        limit = timer;
    }

    /**
     * @param givesUp the connection that it is sent on, when it takes too long
     */
    void sentOn(Runnable givesUp) {
        onLate = givesUp;
    }

    /** The head has come. */
    void begin(HttpResponse response) {
        head = response;
        body.begin(response.status().code());
    }

    /** A piece of the body has come. */
    void add(ByteBuf piece) {
        if (piece.isReadable()) {
            body.add(ByteBufUtil.getBytes(piece));
        }
    }

    /** The answer is whole. */
    void whole() {
        if (head != null) {
            end(reader.complete(id, head, body));
        }
    }

    /** No more of it can come. */
    void broken(String why) {
        end(body.cut(why).orElseGet(() -> new Answer.Failed(why)));
    }

    /** Its time is over. */
    void late() {
        broken(LATE);
        onLate.run();
    }

    private void end(Answer last) {
        if (limit != null) {
            limit.cancel(/* mayInterruptIfRunning= */ false);
        }
        answer.complete(last);
    }
}
