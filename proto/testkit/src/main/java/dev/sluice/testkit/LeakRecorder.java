package dev.sluice.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Collects Netty's leak reports. Netty asks for its detectors once, when its buffer classes load,
 * so the recorder is installed when the test session opens (a service of JUnit), before any test
 * class can touch a buffer. Thread-safe.
 */
public final class LeakRecorder implements LauncherSessionListener {
    private static final int ROUNDS = 20;
    private static final long ROUND_MILLIS = 500;
    private static final String PROBE = "dev.sluice.testkit leak probe ";
    private static final AtomicLong PROBES = new AtomicLong();
    private static final ConcurrentLinkedQueue<String> REPORTS = new ConcurrentLinkedQueue<>();

    /** Made by JUnit. */
    public LeakRecorder() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        install();
    }

    static synchronized void install() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        if (!(ResourceLeakDetectorFactory.instance() instanceof Detectors)) {
            ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Detectors());
        }
    }

    /**
     * Collects garbage until everything unreachable has been reported.
     *
     * @return the reports since the last call, without those of the probes
     */
    static List<String> collect() {
        String probe = PROBE + PROBES.incrementAndGet() + ";";
        leak(probe);
        for (int round = 0; round < ROUNDS && !reported(probe); round++) {
            collectGarbage();
        }
        if (!reported(probe)) {
            throw new AssertionError(
                    "the leak detector did not report a buffer leaked on purpose (level "
                            + ResourceLeakDetector.getLevel()
                            + ", expected PARANOID with "
                            + LeakRecorder.class.getName()
                            + " installed before Netty's buffers load); register it as a"
                            + " LauncherSessionListener");
        }
        collectGarbage();
        List<String> leaks = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            if (!report.contains(PROBE)) {
                leaks.add(report);
            }
        }
        return leaks;
    }

    private static boolean reported(String probe) {
        return REPORTS.stream().anyMatch(report -> report.contains(probe));
    }

    private static void leak(String hint) {
        UnpooledByteBufAllocator.DEFAULT.directBuffer(1).touch(hint);
    }

    /** One collection, waited for by a reference of its own; then one report by Netty. */
    private static void collectGarbage() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
        System.gc();
        try {
            if (queue.remove(ROUND_MILLIS) == canary) {
                canary.clear();
            }
        } catch (InterruptedException interrupted) {
            throw Patience.interrupted("a garbage collection", interrupted);
        }
        ByteBuf asks = UnpooledByteBufAllocator.DEFAULT.directBuffer(1);
        asks.release();
    }

    private static final class Detectors extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // the one abstract method of the factory
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new Recording<>(resource, samplingInterval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval) {
            return new Recording<>(resource, samplingInterval);
        }
    }

    private static final class Recording<T> extends ResourceLeakDetector<T> {
        @SuppressWarnings("deprecation") // the constructor that Netty's own factory uses
        Recording(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            REPORTS.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            REPORTS.add(resourceType + " (no record of where it was touched)");
        }
    }
}
