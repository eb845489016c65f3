package dev.sluice.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which a reference-counted object of Netty was garbage collected without
 * having been released. Use: {@code @ExtendWith(LeakCheck.class)} on the class.
 *
 * <p>Before the class, leaks of earlier classes are collected and put aside, so that nobody pays
 * for a neighbour. After it, garbage is collected until a buffer that the check itself leaks on
 * purpose is reported, and once more: a check whose detector is blind fails and says so. What is
 * still reachable after the class (a pool that was not closed) is not seen. Thread-safe.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    /** Made by JUnit. */
    public LeakCheck() {
        LeakRecorder.install();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        LeakRecorder.collect();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> leaks = LeakRecorder.collect();
        if (!leaks.isEmpty()) {
            throw new AssertionError(
                    context.getDisplayName()
                            + ": "
                            + leaks.size()
                            + " leaked (expected: every buffer released); where they were last"
                            + " touched:\n"
                            + String.join("\n", leaks));
        }
    }
}
