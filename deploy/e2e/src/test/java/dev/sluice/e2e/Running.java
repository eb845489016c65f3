package dev.sluice.e2e;

import java.util.ArrayList;
import java.util.List;

/** What a test has started; closed after it, the last first. Owned by the test's thread. */
final class Running {
    private final List<AutoCloseable> parts = new ArrayList<>();

    <T extends AutoCloseable> T keep(T part) {
        parts.add(part);
        return part;
    }

    void close() throws Exception {
        for (AutoCloseable part : parts.reversed()) {
            part.close();
        }
    }
}
