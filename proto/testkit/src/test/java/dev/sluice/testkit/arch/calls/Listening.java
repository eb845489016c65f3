package dev.sluice.testkit.arch.calls;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Does the same as a loop should. */
public final class Listening {
    private final CompletableFuture<String> answer = new CompletableFuture<>();

    public void whenThere(Consumer<String> next) {
        var unused = answer.thenAccept(next);
    }
}
