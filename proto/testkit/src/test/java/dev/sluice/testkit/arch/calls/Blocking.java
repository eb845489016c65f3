package dev.sluice.testkit.arch.calls;

import java.util.concurrent.CompletableFuture;

/** Does on a loop what must not be done there. */
public final class Blocking {
    private final CompletableFuture<String> answer = new CompletableFuture<>();

    public String joined() {
        return answer.join();
    }

    public long asked() {
        return System.nanoTime();
    }

    public synchronized void locked() {
        answer.complete("");
    }
}
