package dev.sluice.e2e;

import java.util.ArrayList;
import java.util.List;

/** What a test has started; closed after it, the last first. Owned by the test's thread. */
public final class Running implements AutoCloseable {
    private final List<AutoCloseable> parts = new ArrayList<>();

    public <T extends AutoCloseable> T keep(T part) {
        parts.add(part);
        return part;
    }

    /** Closes all, whatever each says of it. */
    @Override
    public void close() {
        IllegalStateException failed = null;
        for (AutoCloseable part : parts.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                failed = new IllegalStateException(part + " did not close: " + e.getMessage(), e);
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
