package dev.sluice.chaos.run;

import java.util.concurrent.Executor;

/** Where calls run beside the thread of a run. */
final class OwnThread {
    /** A thread for each call, as long as it lasts: a shared one might wait for another call. */
    static final Executor EACH =
            task -> Thread.ofPlatform().daemon().name("chaos-activity").start(task);

    private OwnThread() {}
}
