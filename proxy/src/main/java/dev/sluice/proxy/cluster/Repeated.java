package dev.sluice.proxy.cluster;

import java.time.Duration;

/** An action that runs at an interval until it is stopped. Owned by the configuration thread. */
final class Repeated {
    private final ConfigurationThread thread;
    private final Duration interval;
    private final Runnable action;
    private ConfigurationThread.Cancellable next = () -> {};
    private boolean stopped;

    Repeated(ConfigurationThread thread, Duration interval, Runnable action) {
        this.thread = thread;
        this.interval = interval;
        this.action = action;
    }

    void start() {
        next = thread.after(interval, this::run);
    }

    private void run() {
        if (!stopped) {
            action.run();
            start();
        }
    }

    void stop() {
        stopped = true;
        next.cancel();
    }
}
