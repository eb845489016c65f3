package dev.sluice.e2e.simulation;

import ch.qos.logback.classic.Logger;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Keeps both planes from logging all that goes wrong on purpose, until it is closed. */
final class Silence implements AutoCloseable {
    private final Logger control = (Logger) LoggerFactory.getLogger("dev.sluice.control");
    private final java.util.logging.Logger proxy =
            java.util.logging.Logger.getLogger("dev.sluice.proxy");
    private final ch.qos.logback.classic.@Nullable Level before = control.getLevel();

    Silence() {
        control.setLevel(ch.qos.logback.classic.Level.OFF);
        proxy.setLevel(Level.OFF);
    }

    @Override
    public void close() {
        control.setLevel(before);
        proxy.setLevel(null);
    }
}
