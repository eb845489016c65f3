package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

class LeakCheckTest {
    /** Run by the tests below only; its name is not one that a build looks for. */
    @ExtendWith(LeakCheck.class)
    static class Leaking {
        @Test
        void forgets_a_buffer() {
            ByteBuf forgotten = PooledByteBufAllocator.DEFAULT.directBuffer(16);
            forgotten.touch("forgotten by the fixture");
        }
    }

    /** Run by the tests below only. */
    @ExtendWith(LeakCheck.class)
    static class Tidy {
        @Test
        void releases_its_buffer() {
            assertThat(PooledByteBufAllocator.DEFAULT.directBuffer(16).release()).isTrue();
        }
    }

    private static List<Failure> failures(Class<?> fixture) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(fixture))
                                .build(),
                        summary);
        assertThat(summary.getSummary().getTestsSucceededCount()).as("tests run").isEqualTo(1);
        return summary.getSummary().getFailures();
    }

    @Test
    void fails_the_class_that_leaks_and_says_where() {
        assertThat(failures(Leaking.class))
                .singleElement()
                .satisfies(failure -> {
                    assertThat(failure.getTestIdentifier().getDisplayName()).contains("Leaking");
                    assertThat(failure.getException())
                            .hasMessageContaining("1 leaked")
                            .hasMessageContaining("forgotten by the fixture");
                });
    }

    @Test
    void passes_the_class_that_releases() {
        assertThat(failures(Tidy.class)).isEmpty();
    }

    @Test
    void does_not_blame_a_class_for_what_leaked_before_it() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).touch("leaked before");

        assertThat(failures(Tidy.class)).isEmpty();
    }
}
